"""What the platform's HTTP services share: bearer tokens, request bodies of limited size, errors as JSON."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infrastructure.bearer_tokens import BearerTokens
from infrastructure.errors import RequestError

UNAUTHORIZED_MESSAGE: Final = "A valid bearer token is needed."
UNAUTHORIZED_HEADERS: Final = {"www-authenticate": "Bearer"}


class BodyTooLargeError(RequestError):
    """The body of a request is larger than ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__("The body is too large.", field="body", expected=f"at most {limit} bytes")
        self.limit = limit


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request, read no further than the limit.

    Raises:
        BodyTooLargeError: It is longer than ``limit`` bytes.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise BodyTooLargeError(limit)
    return bytes(body)


def is_authorized(headers: Headers, tokens: BearerTokens | None) -> bool:
    """Whether a request's headers bring one of the tokens; without tokens every request is authorized (RFC 6750)."""
    return tokens is None or tokens.admits(headers.get("authorization", ""))


def error_response(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal as JSON: ``{"error": message}``."""
    return JSONResponse({"error": message}, status_code=status, headers=headers)


def unauthorized_response() -> Response:
    """The refusal of a request without a valid token."""
    return error_response(401, UNAUTHORIZED_MESSAGE, UNAUTHORIZED_HEADERS)
