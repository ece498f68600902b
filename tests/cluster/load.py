"""Constant load from within the cluster: run as ``python -c`` in a pod, prints what came of it as one line of JSON.

Every second request opens a connection of its own, as many clients do; the others keep theirs, as the rest do.
"""

import json
import sys
import time
from collections import Counter

import httpx


def main(address: str, seconds: float, rate: float) -> None:
    body = {"instances": [{"customer_id": "c000001", "k": 5}]}
    url = f"{address}/v1/models/recommender:predict"
    outcomes, versions, slowest, worst = Counter(), Counter(), 0.0, ""
    start = time.monotonic()
    with httpx.Client(timeout=10) as kept:
        for number in range(int(seconds * rate)):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            began = time.monotonic()
            try:
                answer = (kept if number % 2 else httpx).post(url, json=body)
                outcomes[str(answer.status_code)] += 1
                versions[answer.json()["predictions"][0]["model_version"]] += answer.is_success
            except (httpx.HTTPError, ValueError, KeyError) as error:
                outcomes[type(error).__name__] += 1
                worst = str(error)
            slowest = max(slowest, time.monotonic() - began)
    failed = sum(count for outcome, count in outcomes.items() if outcome != "200")
    found = {"sent": sum(outcomes.values()), "failed": failed, "outcomes": outcomes, "versions": versions}
    print(json.dumps({**found, "slowest_seconds": round(slowest, 2), "last_error": worst}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
