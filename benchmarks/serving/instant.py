"""Replaces the engine's work, to measure the server around it: the same recommendation at once for everybody."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from recommender.contract.query import MAXIMUM_K, Item, Query, Recommendation

_ITEMS: Final = tuple(Item(f"B{rank:09d}", 1 / (rank + 1)) for rank in range(MAXIMUM_K))
_APPENDED: Final = "\n\nfrom recommender.instant import recommend_instantly\n\nEngine.recommend = recommend_instantly\n"


def recommend_instantly(_: Any, queries: Sequence[Query], reasons: bool = True) -> list[Recommendation]:  # noqa: ARG001
    """The first ``k`` of the same products for each query."""
    return [Recommendation(query.customer_id, _ITEMS[: query.k], "instant") for query in queries]


def make_instant(bento: Path) -> None:
    """Let the engine in a Bento answer at once; it is loaded as usual."""
    package = bento / "src" / "recommender"
    (package / "instant.py").write_bytes(Path(__file__).read_bytes())
    with (package / "engine" / "engine.py").open("a") as engine:
        engine.write(_APPENDED)
