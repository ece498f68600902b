"""What an app knows of each customer when it requests recommendations, updated as the year goes on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

from benchmarks.live_shop.behaviour import Session
from feedback.events import CustomerEvent
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.query import Profile, Query
from recommender.contract.tables import Tables
from recommender.models.model_data import ordered_interactions

SHOWN: Final = 10


@dataclass
class _CustomerHistory:
    products: list[str] = field(default_factory=list[str])
    times: list[int] = field(default_factory=list[int])
    dismissed: list[str] = field(default_factory=list[str])


class KnownCustomers:
    """Purchase histories and dismissals by customer, as the online store would have them."""

    def __init__(self, known: dict[str, _CustomerHistory]) -> None:
        self._known = known

    @classmethod
    def from_tables(cls, tables: Tables, seed: int) -> Self:
        """The histories in the tables, the last day included."""
        uses = ordered_interactions(tables, seed).dropna(subset=[c.TIME])
        uses = uses.assign(seconds=uses[c.TIME].astype("int64") // 1_000_000)
        groups = uses.groupby(c.CUSTOMER_ID, sort=False)
        return cls(
            {
                str(customer): _CustomerHistory(rows[c.PRODUCT_ID].tolist(), rows["seconds"].tolist())
                for customer, rows in groups
            }
        )

    def query(self, session: Session) -> Query:
        """The request of a visit."""
        known = self._known.get(session.customer_id, _CustomerHistory())
        profile: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in session.profile.items()}
        return Query(
            customer_id=session.customer_id,
            k=SHOWN,
            products=tuple(known.products),
            times=tuple(known.times),
            dismissed=tuple(known.dismissed),
            profile=Profile(**profile),
            now=int(session.time.timestamp()),
        )

    def learn(self, events: Iterable[CustomerEvent]) -> None:
        """Add events, in order of time."""
        for event in events:
            known = self._known.setdefault(event.customer_id, _CustomerHistory())
            if event.type == event_types.PURCHASE and event.product_id:
                known.products.append(event.product_id)
                known.times.append(int(event.time))
            elif event.type == event_types.DISMISS and event.product_id:
                known.dismissed.append(event.product_id)
