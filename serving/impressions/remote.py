"""The impression log sent to the collector, by pods that share no file and should hold no database's password."""

import logging
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Final

import orjson

from recommender.contract.impressions import SHOWN, Impression
from serving.impressions.batch_writer import BatchWriter, ImpressionBatch
from serving.observability import metrics

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS: Final = 5.0
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

    #: Even with the longest lists it stays far below what the collector takes in one request.
    size = 200

    def __init__(
        self, address: str, capacity: int, flush_seconds: float, table: str = SHOWN, token: Path | None = None
    ) -> None:
        super().__init__(capacity, flush_seconds, table)
        self._address = address
        self._token = token

    def deliver(self, batch: ImpressionBatch[Impression]) -> bool:
        """Send a batch; True when the collector has it on disk, or will never take it."""
        try:
            with _opener.open(self._request(batch), timeout=_TIMEOUT_SECONDS) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            if error.code in _REFUSAL_STATUSES:
                metrics.IMPRESSIONS.labels("dropped").inc(len(batch.rows))
                logger.error("the collector refuses %d impressions: %s", len(batch.rows), error.code)
                return True
            return self._retry_later(batch, f"status {error.code}")
        # HTTPException is a response that is cut off, as by a collector that is killed.
        except (OSError, HTTPException, ValueError) as error:
            return self._retry_later(batch, str(error))
        metrics.IMPRESSIONS.labels("written").inc(len(batch.rows))
        return True

    def _retry_later(self, batch: ImpressionBatch[Impression], why: str) -> bool:
        logger.warning("%d impressions wait for the collector: %s", len(batch.rows), why)
        return False

    def _request(self, batch: ImpressionBatch[Impression]) -> urllib.request.Request:
        rows = [{"impression_id": f"{batch.name}-{i}", **row._asdict()} for i, row in enumerate(batch.rows)]
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token.read_text(encoding='utf-8').strip()}"
        content = orjson.dumps({"table": self._table, "impressions": rows})
        return urllib.request.Request(self._address, content, headers)  # noqa: S310 (checked when it was configured)
