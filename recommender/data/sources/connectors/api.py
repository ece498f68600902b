"""Entries of a web API as a frame: page by page, tried again while the server is busy or broken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import httpx
import pandas as pd
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from infrastructure.errors import DataError
from recommender.data.sources.description.remote_settings import ApiSource, secret_from_environment
from recommender.data.sources.reading.frames import frame_of_objects

_BUSY: Final = 429
_SERVER: Final = 500
_ERROR: Final = 400
_LONGEST_WAIT: Final = 60.0
_backoff: Final = wait_exponential_jitter(initial=0.5, max=_LONGEST_WAIT)


class _TryAgainError(Exception):
    """An answer that may be a better one later: after ``wait`` seconds, if the server says so."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(problem)


_TEMPORARY: Final = (_TryAgainError, httpx.TransportError)


def read_api(source: ApiSource, since: object = None, first: int | None = None) -> pd.DataFrame:
    """The entries from the cursor ``since`` on, or all, one a row, in the pages' order; their keys are the columns.

    With ``first`` no further page is asked for once there are so many.

    Raises:
        ConfigError: The environment lacks a header's value.
        DataError: The server refuses, still fails after the last try, answers what is not JSON or has no entries
            where they should be, or its pages go round in a circle.
    """
    return as_frame(list(islice(read_entries(source, since), first)))


def as_frame(entries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Entries as rows; their keys are the columns, of any type, None where an entry lacks one."""
    names = list(dict.fromkeys(key for entry in entries for key in entry))
    return frame_of_objects(entries, names)


def read_entries(source: ApiSource, since: object = None) -> Iterator[dict[str, Any]]:
    """The entries one by one; a page is asked for when the one before is used up.

    Raises:
        ConfigError: As :func:`read_api`.
        DataError: As :func:`read_api`.
    """
    headers = {
        name: secret_from_environment(variable, field=f"api.headers.{name}")
        for name, variable in source.headers.items()
    }
    parameters = source.parameters | ({source.since: str(since)} if source.since and since is not None else {})
    url, page, seen = httpx.URL(source.url).copy_merge_params(parameters), 1, set[str]()
    hooks = {"request": [_only_at(url)]}
    with httpx.Client(headers=headers, timeout=30, follow_redirects=True, event_hooks=hooks) as client:
        while True:
            here = url.copy_merge_params({source.page: str(page)}) if source.page else url
            if str(here) in seen:
                raise _error("The pages go round in a circle.", here, expected="a next page that is not an earlier one")
            seen.add(str(here))
            answer = _answer(client, here, source.tries)
            body = _json(answer)
            found = _records(body, source.records, here)
            yield from found
            if source.page:
                if not found:
                    return
                page += 1
                continue
            following = _next(body, answer, source)
            if following is None:
                return
            url = here.join(following)


def _only_at(url: httpx.URL) -> Callable[[httpx.Request], None]:
    """A check that every request, also after a redirect, goes to the server of ``url``: headers may hold secrets."""

    def check(request: httpx.Request) -> None:
        there = request.url
        if (there.scheme, there.host, there.port) != (url.scheme, url.host, url.port):
            raise _error("The next page is on another server.", there, expected=f"a page of {url.host}")

    return check


def _answer(client: httpx.Client, url: httpx.URL, tries: int) -> httpx.Response:
    """The server's answer; the request is repeated while the server is busy or fails."""
    retry = retry_if_exception_type(_TEMPORARY)
    try:
        answer = Retrying(stop=stop_after_attempt(tries), wait=_wait, retry=retry, reraise=True)(
            _request_once, client, url
        )
    except _TEMPORARY as error:
        problem = f"The server gave no answer in {tries} tries: {str(error) or type(error).__name__}"
        raise _error(problem, url, expected="an answer with 200") from None
    if answer.status_code >= _ERROR:
        raise _error("The server refuses.", url, value=answer.status_code, expected="an answer with 200")
    return answer


def _request_once(client: httpx.Client, url: httpx.URL) -> httpx.Response:
    answer = client.get(url)
    if answer.status_code == _BUSY or answer.status_code >= _SERVER:
        wait = answer.headers.get("retry-after", "")
        raise _TryAgainError(f"status {answer.status_code}", float(wait) if wait.isdigit() else None)
    return answer


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    seconds = error.wait if isinstance(error, _TryAgainError) else None
    return _backoff(state) if seconds is None else min(seconds, _LONGEST_WAIT)


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise _error("The answer is not JSON.", answer.url, value=answer.text[:80], expected="JSON") from None


def _records(body: Any, path: str | None, url: httpx.URL) -> list[dict[str, Any]]:
    found = _at(body, path) if path else body
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise _error(
            "The answer has no list of objects.", url, field="api.records", value=path, expected="the path to one"
        )
    return found


def _next(body: Any, answer: httpx.Response, source: ApiSource) -> str | None:
    if source.next:
        following = _at(body, source.next)
        return following if isinstance(following, str) and following else None
    return answer.links.get("next", {}).get("url")


def _at(body: Any, path: str) -> Any:
    for key in path.split("."):
        body = body.get(key) if isinstance(body, Mapping) else None
    return body


def _error(problem: str, url: httpx.URL, **known: Any) -> DataError:
    """An error that names the address, without its query, which may hold secrets."""
    return DataError(problem, where=str(url.copy_with(query=None, userinfo=b"")), **known)
