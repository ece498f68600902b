"""The impression log sent to the collector, by pods that share no file and should hold no database's password."""

import logging
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Final

import orjson

from recommender.contract.impressions import SHOWN, Impression
from serving.impressions.batch_writer import BatchWriter, ImpressionBatch
from serving.observability import metrics

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS: Final = 5.0
#: Bytes of rows; half of what the collector takes by default (``monitoring.collector.maximum_bytes``).
_LARGEST_REQUEST: Final = 1_000_000
#: The collector has understood and refuses it: sending it again would be of no use.
_REFUSAL_STATUSES: Final = (400, 413, 422)
#: No proxy: the collector is in the same cluster.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RemoteImpressionLog(BatchWriter[Impression]):
    """A bounded queue and the thread that sends it to the collector, again and again while that is unavailable.

    Each row has an id that is the same at every try, so a row whose response got lost is kept once.

    Args:
        address: Of the collector's ``/v1/impressions``.
        capacity: Impressions that may wait; more are dropped and counted.
        flush_seconds: Longest time that an impression waits for others to be sent with.
        table: Where the collector keeps them.
        token: File of the bearer token that the collector requires, read for each request; None where it requires none.
    """

    size = 200

    def __init__(
        self, address: str, capacity: int, flush_seconds: float, table: str = SHOWN, token: Path | None = None
    ) -> None:
        super().__init__(capacity, flush_seconds, table)
        self._address = address
        self._token = token

    def deliver(self, batch: ImpressionBatch[Impression]) -> bool:
        """Send a batch; True when the collector has it on disk, or will never take it."""
        rows = [
            orjson.dumps({"impression_id": f"{batch.name}-{i}", **row._asdict()}) for i, row in enumerate(batch.rows)
        ]
        outcomes: Counter[str] = Counter()
        for part in _parts(rows):
            outcome = self._send(part)
            if outcome is None:
                return False
            outcomes[outcome] += len(part)
        for outcome, count in outcomes.items():
            metrics.IMPRESSIONS.labels(outcome).inc(count)
        return True

    def _send(self, rows: Sequence[bytes]) -> str | None:
        """Whether rows were "written" or, as they never will be, "dropped"; None where it is to be tried again."""
        try:
            with _opener.open(self._request(rows), timeout=_TIMEOUT_SECONDS) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            if error.code in _REFUSAL_STATUSES:
                logger.error("the collector refuses %d impressions: %s", len(rows), error.code)
                return "dropped"
            return _retry_later(rows, f"status {error.code}")
        # HTTPException is a response that is cut off, as by a collector that is killed.
        except (OSError, HTTPException, ValueError) as error:
            return _retry_later(rows, str(error))
        return "written"

    def _request(self, rows: Sequence[bytes]) -> urllib.request.Request:
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token.read_text(encoding='utf-8').strip()}"
        content = b'{"table":%b,"impressions":[%b]}' % (orjson.dumps(self._table), b",".join(rows))
        return urllib.request.Request(self._address, content, headers)  # noqa: S310 (checked when it was configured)


def _retry_later(rows: Sequence[bytes], why: str) -> None:
    logger.warning("%d impressions wait for the collector: %s", len(rows), why)


def _parts(rows: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The rows in requests that the collector takes: a hundred products with the longest ids make a long row."""
    part: list[bytes] = []
    size = 0
    for row in rows:
        if part and size + len(row) > _LARGEST_REQUEST:
            yield part
            part, size = [], 0
        part.append(row)
        size += len(row)
    yield part
