"""Customers' needs change: run as ``python -c`` in the collector's pod, sends what they buy from then on.

They buy what hardly anybody bought before, each of the rarest third of the products as often as the others.
"""

import sys
import time
from itertools import islice
from pathlib import Path

import httpx

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions

PURCHASES_EACH, BATCH = 3, 500


def main(address: str, tables: Tables) -> None:
    bought = interactions(tables)
    often = bought[c.PRODUCT_ID].value_counts().reindex(tables.products[c.PRODUCT_ID], fill_value=0)
    rare = often.sort_values(kind="stable").index[: len(often) // 3].tolist()
    customers = bought[c.CUSTOMER_ID].drop_duplicates().tolist()
    began = time.time() - PURCHASES_EACH * len(customers)
    events = iter(
        {
            "event_id": f"changed-{number}",
            "customer_id": customers[number % len(customers)],
            "type": "purchase",
            "product_id": rare[(number % len(customers) + number // len(customers)) % len(rare)],
            "time": began + number,
        }
        for number in range(PURCHASES_EACH * len(customers))
    )
    while batch := list(islice(events, BATCH)):
        answer = httpx.post(f"{address}/v1/events", json={"events": batch}, timeout=60).raise_for_status().json()
        print(answer["accepted"], "events accepted", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Tables.read(Path(sys.argv[2]) / "tables"))
