"""What a request brings besides its meaning, and what an error becomes."""

import logging
import traceback
import uuid
from typing import Final

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from infrastructure.errors import RecommenderError, RequestError
from serving.answering.admission import RETRY_SECONDS, OverloadedError
from serving.answering.answering import NotReadyError
from serving.answering.messages import RequestId
from serving.protocol.replies import error_reply
from serving.protocol.v2 import HEADER_LENGTH

logger = logging.getLogger(__name__)

REQUEST_ID: Final = "x-request-id"
_REQUEST_ID_TYPE = TypeAdapter(RequestId)


class BodyTooLargeError(RequestError):
    """The body is larger than allowed."""


async def read_body(request: Request, limit: int) -> bytes:
    """The body, read no further than the limit.

    Raises:
        BodyTooLargeError: It is longer than ``limit`` bytes.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise BodyTooLargeError("The body is too large.", field="body", expected=f"at most {limit} bytes")
    return bytes(body)


def request_id(request: Request) -> str:
    """The id that the caller gave, else a new one.

    Raises:
        RequestError: The caller's is longer than 128 characters or has others than printable ASCII.
    """
    given = request.headers.get(REQUEST_ID)
    if given is None:
        return str(uuid.uuid4())
    try:
        return _REQUEST_ID_TYPE.validate_python(given)
    except ValidationError:
        expected = "1 to 128 printable ASCII characters without spaces"
        raise RequestError("The request's id is malformed.", field=REQUEST_ID, expected=expected) from None


def header_length(request: Request) -> int | None:
    """Length of the JSON part of a V2 body that bytes follow, None where it is all JSON.

    Raises:
        RequestError: The header is no length.
    """
    given = request.headers.get(HEADER_LENGTH)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise RequestError(
            "A header is malformed.", field=HEADER_LENGTH, value=given[:20], expected="the length of the JSON part"
        )
    return int(given)


async def refused(_: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such route, wrong method) in the form of all others."""
    return error_response(error)


def error_response(error: Exception) -> Response:
    """An error as a client may see it: what to mend where it is the client's, nothing of our insides."""
    match error:
        case BodyTooLargeError():
            return error_reply(413, _sentence(error))
        case RequestError():
            return error_reply(400, _sentence(error))
        case NotReadyError() | OverloadedError():
            return error_reply(503, error.problem, {"retry-after": str(RETRY_SECONDS)})
        case HTTPException():
            return error_reply(error.status_code, error.detail, error.headers)
        case ClientDisconnect():
            return error_reply(400, "The client went away before its request was whole.")
        case _:
            logger.error("a request failed with %s at\n%s", type(error).__name__, _place(error))
            return error_reply(500, "The request failed; the server's log says where.")


def _sentence(error: RecommenderError) -> str:
    """The error in one line: what is wrong, where, and what would be right."""
    parts = [
        error.problem,
        f"Field: {error.field}." if error.field else "",
        f"Value: {error.value}." if error.value is not None else "",
        f"Expected: {error.expected}." if error.expected else "",
    ]
    return " ".join(filter(None, parts))


def _place(error: Exception) -> str:
    """Where an error arose; not its text, which may name a customer."""
    return "".join(traceback.format_tb(error.__traceback__))
