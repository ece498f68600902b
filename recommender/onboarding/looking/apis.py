"""A web API that answers JSON: where its entries are and how its pages follow each other."""

from collections.abc import Iterator
from typing import Any, Final, cast

import httpx

from infrastructure.errors import DataError
from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.looking.names import words_of
from recommender.onboarding.looking.records import as_frame

_SECRETS: Final = ("key", "token", "secret", "password", "signature", "auth")
_NEXT: Final = ("next", "next_url", "nextlink", "next_page_url", "next_link", "@odata.nextlink", "next_page")
_DEPTH: Final = 3
_ERROR: Final = 400


def api_table(url: str) -> FoundTable:
    """Look at the first page of an API.

    Raises:
        DataError: It does not answer, not in JSON or without a list of objects, or its address holds a secret.
    """
    address = httpx.URL(url)
    secret = next((name for name in address.params if any(word in name.lower() for word in _SECRETS)), None)
    if secret is not None:
        raise _error("The address holds a secret, which would stand in the source file.", address, field=secret,
                     expected="a header whose value an environment variable holds: api: {headers: {Authorization: "
                     "SHOP_TOKEN}}")  # fmt: skip
    answer = _answer(address)
    body = _json(answer, address)
    path, entries = max(_lists(body), key=lambda found: len(found[1]), default=("", []))
    if not entries:
        raise _error("The answer has no list of objects.", address, expected="a list, or an object that has one")
    api, evidence = dict[str, Any](url=str(address.copy_with(query=None))), dict[str, str]()
    parameters = dict(address.params)
    if path:
        api["records"], evidence["api"] = path, f"there the answer has a list of {len(entries)} objects"
    follows = _follows(body)
    if follows is not None:
        api["next"] = follows
    elif "page" in parameters and not answer.links.get("next"):
        api["page"] = "page"
        parameters.pop("page")
    if parameters:
        api["parameters"] = parameters
    sample, members = as_frame(entries)
    last = address.path.rstrip("/").rpartition("/")[2]
    return FoundTable(
        str(address.copy_with(query=None)), words_of(last), {"api": api}, sample, None, False, evidence,
        members=members,
    )  # fmt: skip


def _answer(address: httpx.URL) -> httpx.Response:
    try:
        answer = httpx.get(address, timeout=30, follow_redirects=True)
    except httpx.TransportError as error:
        raise _error(f"The server gives no answer: {type(error).__name__}.", address) from None
    if answer.status_code >= _ERROR:
        raise _error(
            "The server refuses.", address, value=answer.status_code,
            expected="an address that answers without a password, or a source file by hand with 'api: {headers: …}'",
        )  # fmt: skip
    return answer


def _json(answer: httpx.Response, address: httpx.URL) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise _error("The answer is not JSON.", address, value=answer.text[:80], expected="JSON") from None


def _lists(body: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if isinstance(body, list):
        entries = cast("list[Any]", body)
        if entries and all(isinstance(entry, dict) for entry in entries):
            yield path, entries
    elif isinstance(body, dict) and depth < _DEPTH:
        for key, value in cast("dict[str, Any]", body).items():
            yield from _lists(value, f"{path}.{key}" if path else key, depth + 1)


def _follows(body: Any, path: str = "", depth: int = 0) -> str | None:
    """The path to the next page's address."""
    if not isinstance(body, dict) or depth >= _DEPTH:
        return None
    for key, value in cast("dict[str, Any]", body).items():
        here = f"{path}.{key}" if path else key
        if key.lower() in _NEXT and isinstance(value, str) and "/" in value:
            return here
        if (found := _follows(value, here, depth + 1)) is not None:
            return found
    return None


def _error(problem: str, url: httpx.URL, **known: Any) -> DataError:
    return DataError(problem, where=str(url.copy_with(query=None, userinfo=b"")), **known)
