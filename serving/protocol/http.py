"""Headers of requests, JSON responses, and the responses that errors become."""

import logging
import traceback
import uuid
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from infrastructure.errors import RecommenderError, RequestError
from infrastructure.http_service import BodyTooLargeError, error_response
from serving.answering.admission import RETRY_SECONDS, OverloadedError
from serving.answering.handler import NotReadyError
from serving.answering.messages import RequestId
from serving.answering.unrecognised import UnrecognisedError
from serving.observability import metrics
from serving.protocol.v2 import HEADER_LENGTH

logger = logging.getLogger(__name__)

REQUEST_ID: Final = "x-request-id"
_REQUEST_ID_TYPE = TypeAdapter(RequestId)


def json_response(content: Any, status: int = 200) -> Response:
    """``content`` as JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def request_id(request: Request) -> str:
    """The id that the caller sent, else a new one.

    Raises:
        RequestError: The caller's is longer than 128 characters or not all printable ASCII.
    """
    header = request.headers.get(REQUEST_ID)
    if header is None:
        return str(uuid.uuid4())
    try:
        return _REQUEST_ID_TYPE.validate_python(header)
    except ValidationError:
        expected = "1 to 128 printable ASCII characters without spaces"
        raise RequestError("The request's id is malformed.", field=REQUEST_ID, expected=expected) from None


def header_length(request: Request) -> int | None:
    """Length of the JSON part of a V2 body that bytes follow, None where it is all JSON.

    Raises:
        RequestError: The header is no length.
    """
    header = request.headers.get(HEADER_LENGTH)
    if header is None:
        return None
    if not (header.isascii() and header.isdigit() and len(header) < 10):
        raise RequestError(
            "A header is malformed.", field=HEADER_LENGTH, value=header[:20], expected="the length of the JSON part"
        )
    return int(header)


async def handle_http_error(_: Request, error: Exception) -> Response:
    """Starlette's own errors (no such route, wrong method) in the form of all others."""
    return response_to_error(error)


def response_to_error(error: Exception) -> Response:
    """An error as a client may see it: what to correct where it is the client's, nothing of our internals."""
    match error:
        case BodyTooLargeError():
            return error_response(413, _sentence(error))
        case UnrecognisedError():
            metrics.UNRECOGNISED.labels("refused").inc()
            return error_response(400, _sentence(error))
        case RequestError():
            return error_response(400, _sentence(error))
        case NotReadyError() | OverloadedError():
            return error_response(503, error.problem, {"retry-after": str(RETRY_SECONDS)})
        case HTTPException():
            return error_response(error.status_code, error.detail, error.headers)
        case ClientDisconnect():
            return error_response(400, "The client went away before its request was whole.")
        case _:
            # Not its text, which may name a customer.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("a request failed with %s at\n%s", type(error).__name__, place)
            return error_response(500, "The request failed; the server's log says where.")


def _sentence(error: RecommenderError) -> str:
    """The error in one line: what is wrong, where, and what would be right."""
    parts = [
        error.problem,
        f"Field: {error.field}." if error.field else "",
        f"Value: {error.value}." if error.value is not None else "",
        f"Expected: {error.expected}." if error.expected else "",
    ]
    return " ".join(filter(None, parts))
