"""An app that sends what customers do: run as ``python -c`` in a pod, tells each second how far it is.

An event is sent again until it is acknowledged, and the next one only then; so "acknowledged" names all that were:
the first so many of ``<run>-0``, ``<run>-1``, …
"""

import json
import sys
import time

import httpx


def main(address: str, run: str, seconds: float, rate: float) -> None:
    found = {"run": run, "acknowledged": 0, "refused": 0, "longest_wait_seconds": 0.0, "last_error": ""}
    start = told = time.monotonic()
    with httpx.Client(timeout=5) as client:
        while time.monotonic() < start + seconds:
            number = found["acknowledged"]
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            began = time.monotonic()
            while not acknowledged(client, address, f"{run}-{number}", found):
                found["refused"] += 1
                time.sleep(0.2)
                told = tell(found, told)
            found["acknowledged"] += 1
            found["longest_wait_seconds"] = max(found["longest_wait_seconds"], round(time.monotonic() - began, 1))
            told = tell(found, told)


def tell(found: dict, told: float) -> float:
    if time.monotonic() < told + 1:
        return told
    print(json.dumps(found), flush=True)
    return time.monotonic()


def acknowledged(client: httpx.Client, address: str, event_id: str, found: dict) -> bool:
    event = {
        "event_id": event_id,
        "customer_id": "c000002",
        # No purchase: those of one customer only are no sample for the comparisons of monitoring.
        "type": "dismiss",
        "product_id": "p00001",
        "time": time.time(),
    }
    try:
        answer = client.post(f"{address}/v1/events", json={"events": [event]}).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        found["last_error"] = f"{type(error).__name__}: {error}"
        return False
    return answer["accepted"] + answer["duplicates"] == 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
