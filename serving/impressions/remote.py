"""What was shown, sent to the collector: for pods that share no file, and that no database's password should be in."""

import logging
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Final

import orjson

from serving.impressions.batches import Batch, Batches
from serving.impressions.log import SHOWN, Impression
from serving.observability import metrics

logger = logging.getLogger(__name__)

_SECONDS: Final = 5.0
#: The collector understood and does not want it: to send it again would be of no use.
_REFUSED: Final = (400, 413, 422)
#: No proxy: the collector is in the same cluster.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RemoteImpressions(Batches[Impression]):
    """A bounded queue and the thread that sends it to the collector, again and again while that is away.

    Each row has a name of its own that stays at every try, so a row whose answer got lost is kept once.

    Args:
        address: Of the collector's ``/v1/impressions``.
        capacity: Impressions that may wait; more are dropped and counted.
        flush_seconds: Longest time that an impression waits for others to be sent with.
        table: Where they are to be kept.
        token: File of the bearer token that the collector wants, read for each request; None where it wants none.
    """

    #: Also with the longest lists it stays far below what the collector takes in one request.
    size = 200

    def __init__(
        self, address: str, capacity: int, flush_seconds: float, table: str = SHOWN, token: Path | None = None
    ) -> None:
        super().__init__(capacity, flush_seconds, table)
        self._address = address
        self._token = token

    def deliver(self, batch: Batch[Impression]) -> bool:
        """Send a batch; True when the collector has it on disk, or will never take it."""
        try:
            with _opener.open(self._request(batch), timeout=_SECONDS) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            if error.code in _REFUSED:
                metrics.IMPRESSIONS.labels("dropped").inc(len(batch.rows))
                logger.error("the collector refuses %d impressions: %s", len(batch.rows), error.code)
                return True
            return self._later(batch, f"status {error.code}")
        # The second is an answer that ends before its end, as from a collector that is killed.
        except (OSError, HTTPException, ValueError) as error:
            return self._later(batch, str(error))
        metrics.IMPRESSIONS.labels("written").inc(len(batch.rows))
        return True

    def _later(self, batch: Batch[Impression], why: str) -> bool:
        logger.warning("%d impressions wait for the collector: %s", len(batch.rows), why)
        return False

    def _request(self, batch: Batch[Impression]) -> urllib.request.Request:
        rows = [{"impression_id": f"{batch.name}-{i}", **row._asdict()} for i, row in enumerate(batch.rows)]
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token.read_text(encoding='utf-8').strip()}"
        content = orjson.dumps({"table": self._table, "impressions": rows})
        return urllib.request.Request(self._address, content, headers)  # noqa: S310 (checked when it was configured)
