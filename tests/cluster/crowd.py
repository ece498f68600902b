"""Many customers ask from within the cluster: run as ``python -c`` in a pod, tells who was answered by which variant.

They all ask once in each round; a line is told after it. It ends by itself after the given time, or with its pod.
"""

import json
import sys
import time

import httpx

CUSTOMERS, BATCH = 400, 20


def main(address: str, seconds: float) -> None:
    names = [f"visitor-{number}" for number in range(CUSTOMERS)]
    shares, given_back, failed, before, began = [], [], 0, set(), time.monotonic()
    while time.monotonic() < began + seconds:
        challenged = set()
        for first in range(0, CUSTOMERS, BATCH):
            asked = names[first : first + BATCH]
            body = {"instances": [{"customer_id": name, "k": 5} for name in asked]}
            try:
                answer = httpx.post(f"{address}/v1/models/recommender:predict", json=body, timeout=10)
                answers = answer.raise_for_status().json()["predictions"]
            except (httpx.HTTPError, ValueError, KeyError):
                failed += 1
                continue
            variants = zip(asked, (one["variant"] for one in answers), strict=True)
            challenged |= {name for name, variant in variants if variant == "challenger"}
            time.sleep(0.05)
        given_back.append(len(before - challenged))
        before = challenged
        shares.append(round(len(challenged) / CUSTOMERS, 3))
        print(json.dumps({"failed": failed, "given_back": given_back, "shares": shares}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
