"""The form of every answer: JSON, also of a refusal."""

from typing import Any

import orjson
from starlette.responses import Response


def json_reply(content: Any, status: int = 200) -> Response:
    """``content`` as JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def error_reply(status: int, text: str, headers: Any = None) -> Response:
    """A refusal: ``{"error": text}``."""
    response = json_reply({"error": text}, status)
    response.headers.update(headers or {})
    return response
