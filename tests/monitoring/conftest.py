"""Builders that several monitoring tests share."""

from collections.abc import Callable
from typing import Any

import pytest

NOW = 1_750_000_000.0


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    """One well-formed event row, with whatever a test changes."""

    def make(event_id: str = "e1", **changes: Any) -> dict[str, Any]:
        return {
            "event_id": event_id,
            "customer_id": "c1",
            "type": "view",
            "product_id": "p1",
            "time": NOW,
            **changes,
        }

    return make
