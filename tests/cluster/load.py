"""Constant load from within the cluster: run as ``python -c`` in a pod, tells each second what came of it so far.

Every second request opens a connection of its own, as many clients do; the others keep theirs, as the rest do.
It ends by itself after the given time, or when its pod is deleted.
"""

import json
import sys
import time
from collections import Counter

import httpx


def main(address: str, seconds: float, rate: float) -> None:
    body = {"instances": [{"customer_id": "c000001", "k": 5}]}
    url = f"{address}/v1/models/recommender:predict"
    outcomes, versions, fallbacks = Counter(), Counter(), Counter()
    found = {"sent": 0, "failed": 0, "slowest_seconds": 0.0, "last_error": "", "last": ""}
    start = time.monotonic()
    with httpx.Client(timeout=10) as kept:
        for number in range(int(seconds * rate)):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            began = time.monotonic()
            found["sent"] += 1
            try:
                answer = (kept if number % 2 else httpx).post(url, json=body).raise_for_status()
                (prediction,) = answer.json()["predictions"]
                versions[prediction["model_version"]] += 1
                fallbacks[prediction["fallback"] or "none"] += 1
                found["last"] = prediction["fallback"] or "none"
            except (httpx.HTTPError, ValueError, KeyError) as error:
                found["failed"] += 1
                outcomes[type(error).__name__] += 1
                found["last_error"] = str(error)
                found["last"] = "failed"
            found["slowest_seconds"] = max(found["slowest_seconds"], round(time.monotonic() - began, 2))
            if number % rate == 0:
                print(
                    json.dumps({**found, "errors": outcomes, "versions": versions, "fallbacks": fallbacks}), flush=True
                )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
