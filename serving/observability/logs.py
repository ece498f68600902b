"""Logs as JSON, one object a line, each with the id of its request."""

import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

import orjson

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being answered."""

_OUR_LOGGERS: Final = ("serving", "recommender")
_FIELDS: Final = "fields"


def fields(**values: Any) -> dict[str, Any]:
    """``extra=`` for a logger: what the line holds beside the message. Never a customer."""
    return {_FIELDS: values}


class JsonFormatter(logging.Formatter):
    """time, level, logger, message, request_id where there is one, and what the caller adds."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        return orjson.dumps({**line, **getattr(record, _FIELDS, {})}, default=str).decode()


def configure_logging() -> None:
    """Let our loggers write JSON to standard error; other libraries' loggers are left as they are."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    for name in _OUR_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
