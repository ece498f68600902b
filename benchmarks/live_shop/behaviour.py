"""Simulated customers who visit a shop and respond to recommendations by their hidden needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.synthetic.customers.customers import drifted_by
from recommender.synthetic.settings import SyntheticSettings, epoch_day
from recommender.synthetic.shop import open_shop
from recommender.synthetic.simulation import Floats, Ints, random_stream
from recommender.synthetic.tables.catalogue_tables import customers_table

RUSH = 2.0  # how many times more of the visits newcomers make, at drift of strength 1
CLICKS_FROM = 1.3  # standard deviations above a customer's average appeal at which half of what is seen is clicked
BUYS_FROM = 1.9  # ... at which half of what is clicked is bought
STEEPNESS = 1.5
DISLIKED, DISMISSES = -1.0, 0.15  # appeal below which a product is dismissed, and how often
RATES = 0.3  # share of clicked recommendations that are rated
STARS, STARS_A_DEVIATION = 2.8, 0.9
CONSIDERS, BUYS = 1.7, 0.75  # products looked at without being recommended, share of them bought


@dataclass(frozen=True)
class Session:
    """One visit.

    Attributes:
        session_id: Distinct in all sessions that begin at another ``start`` or have another number.
        customer_id: Who comes; newcomers are not in the shop's customers table.
        time: When, in UTC.
        profile: What the app knows and may send along: age, region, skin_type, concerns,
            avoided_ingredients, each only where known.
    """

    session_id: str
    customer_id: str
    time: datetime
    profile: dict[str, Any]


class Traffic:
    """The customers of the shop that ``settings`` describe, after its recorded period.

    The same settings give the same customers with the same hidden needs as the recorded tables. What a
    customer answers depends on nothing but the settings, the session and the products shown.

    Args:
        settings: Of the shop; its ``drift`` acts on sessions from its date on.
        newcomers: How many customers sign up in the weeks after the recorded period.
    """

    def __init__(self, settings: SyntheticSettings, newcomers: int = 300) -> None:
        self._settings = settings
        self._choice = open_shop(settings, newcomers)
        self._known = customers_table(settings, self._choice.customers).to_dict("records")
        self._customers = {name: i for i, name in enumerate(self._choice.customers.ids.tolist())}
        self._products = {name: i for i, name in enumerate(self._choice.products.ids.tolist())}

    @property
    def product_ids(self) -> list[str]:
        """The columns of :meth:`utility` and :meth:`purchase_odds`."""
        return list(self._products)

    def sessions(self, start: datetime, count: int, days: float = 1.0) -> list[Session]:
        """``count`` visits within ``days`` days from ``start``, by time; the same arguments give the same visits."""
        label = start.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        rng = random_stream(self._settings.seed, "sessions", label)
        offsets = np.sort(rng.random(count)) * days * SECONDS_A_DAY
        who = rng.choice(len(self._customers), count, p=self._visit_shares(epoch_day(start.date())))
        times = [start.astimezone(UTC) + timedelta(seconds=int(offset)) for offset in offsets]
        return [self._session(f"{label}-{i:05d}", int(who[i]), time) for i, time in enumerate(times)]

    def respond(
        self, session: Session, product_ids: Sequence[str], request_id: str | None = None
    ) -> list[dict[str, Any]]:
        """What a customer does with recommendations, best place first: rows for the event collector.

        Further down fewer are seen; what appeals is clicked, then perhaps bought and rated, what is
        disliked or avoided is dismissed.
        """
        rng = random_stream(self._settings.seed, "respond", session.session_id)
        appeal = self._appeal_of(session, product_ids)
        draws = rng.random((len(appeal), 4))
        seen = draws[:, 0] < _seen(len(appeal))
        clicked = seen & (draws[:, 1] < _chance(appeal - CLICKS_FROM))
        bought = clicked & (draws[:, 2] < _chance(appeal - BUYS_FROM))
        dismissed = seen & ~clicked & (appeal < DISLIKED) & (draws[:, 2] < DISMISSES)
        rated = clicked & (draws[:, 3] < RATES)
        stars = np.clip(np.rint(STARS + STARS_A_DEVIATION * np.maximum(appeal, -2)), 1, 5)
        log = _Log(session, "r", request_id)
        for place, name in enumerate(product_ids):
            log.add_if(clicked[place], event_types.CLICK, name)
            log.add_if(bought[place], event_types.PURCHASE, name, value=1.0)
            log.add_if(dismissed[place], event_types.DISMISS, name)
            log.add_if(rated[place], event_types.RATE_RECOMMENDATION, name, value=float(stars[place]))
        return log.rows

    def expected_purchases(self, session: Session, product_ids: Sequence[str]) -> float:
        """How many of these recommendations :meth:`respond` makes the customer buy, on average over its draws."""
        appeal = self._appeal_of(session, product_ids)
        return float((_seen(len(appeal)) * _chance(appeal - CLICKS_FROM) * _chance(appeal - BUYS_FROM)).sum())

    def browse(self, session: Session) -> list[dict[str, Any]]:
        """What a customer looks at and buys without any recommendation: rows for the event collector."""
        rng = random_stream(self._settings.seed, "browse", session.session_id)
        odds = self.purchase_odds([session.customer_id], session.time)[0]
        wanted = (-(odds + rng.gumbel(size=len(odds)))).argsort(kind="stable")[: 1 + rng.poisson(CONSIDERS - 1)]
        log = _Log(session, "b", None)
        for product in wanted[np.isfinite(odds[wanted])].tolist():
            name = str(self._choice.products.ids[product])
            log.add_if(True, event_types.VIEW, name)
            log.add_if(rng.random() < BUYS, event_types.PURCHASE, name, value=1.0)
        return log.rows

    def utility(self, customer_ids: Sequence[str], at: datetime) -> Floats:
        """How well each product suits each customer at a time, as only the simulation knows.

        Returns:
            float32[customers, products]; minus infinity where the customer would never buy it.
        """
        who, days = self._when(customer_ids, at)
        everything = np.broadcast_to(np.arange(len(self._products), dtype=np.int32), (len(who), len(self._products)))
        return self._choice.liking(who, days, everything)

    def purchase_odds(self, customer_ids: Sequence[str], at: datetime) -> NDArray[np.float64]:
        """Log probability that each product is each customer's next purchase: no model can rank better.

        Returns:
            float64[customers, products]; minus infinity where the customer would never buy it.
        """
        return self._choice.purchase_odds(*self._when(customer_ids, at))

    def _when(self, customer_ids: Sequence[str], at: datetime) -> tuple[Ints, Ints]:
        who = np.array([self._customers[name] for name in customer_ids], np.int32)
        return who, np.full(len(who), epoch_day(at.date()), np.int32)

    def _visit_shares(self, day: int) -> NDArray[np.float64]:
        """How likely a visit is each customer's; in a drift newcomers rush in."""
        customers = self._choice.customers
        rush = RUSH * float(drifted_by(self._settings, np.array([day], np.int32))[0])
        new = customers.signup > self._settings.last_day
        weight = customers.activity.astype(np.float64) * (customers.signup <= day) * (1 + rush * new)
        return weight / weight.sum()

    def _session(self, session_id: str, who: int, time: datetime) -> Session:
        known = self._known[who]
        profile = {name: known[name] for name in (c.REGION, c.SKIN_TYPE, c.CONCERNS, c.AVOIDED_INGREDIENTS)}
        if not np.isnan(known[c.BIRTH_YEAR]):
            profile["age"] = time.year - int(known[c.BIRTH_YEAR])
        present = {name: value for name, value in profile.items() if value is not None}
        return Session(session_id, known[c.CUSTOMER_ID], time, present)

    def _appeal_of(self, session: Session, product_ids: Sequence[str]) -> NDArray[np.float64]:
        """The appeal of some products, float64[len(product_ids)]."""
        return self._appeal(session)[np.array([self._products[name] for name in product_ids], np.int64)]

    def _appeal(self, session: Session) -> NDArray[np.float64]:
        """Each product's appeal in standard deviations from the customer's average, float64[products]."""
        who, days = self._when([session.customer_id], session.time)
        steps = self._choice.step_odds(who, days)[0]
        appeal = (self.utility([session.customer_id], session.time)[0] + steps[self._choice.products.step]).astype(
            float
        )
        possible = appeal[np.isfinite(appeal)]
        return (appeal - possible.mean()) / (possible.std() or 1.0)


class _Log:
    """The events of one session, some seconds after each other."""

    def __init__(self, session: Session, prefix: str, request_id: str | None) -> None:
        self.rows: list[dict[str, Any]] = []
        self._session = session
        self._prefix = prefix
        self._request = {} if request_id is None else {c.REQUEST_ID: request_id}

    def add_if(self, happens: bool | np.bool_, kind: str, product: str, value: float | None = None) -> None:
        if not happens:
            return
        number = len(self.rows)
        time = self._session.time + timedelta(seconds=7 * (number + 1))
        self.rows.append(
            {
                c.EVENT_ID: f"{self._session.session_id}-{self._prefix}{number:02d}",
                c.CUSTOMER_ID: self._session.customer_id,
                c.SESSION_ID: self._session.session_id,
                c.TYPE: kind,
                c.PRODUCT_ID: product,
                c.TIME: time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                **({} if value is None else {c.VALUE: value}),
                **self._request,
            }
        )


def _seen(places: int) -> NDArray[np.float64]:
    """How likely each place of a list is looked at: further down fewer are."""
    return 1 / np.log2(np.arange(places) + 2)


def _chance(appeal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic; 0 where the appeal is minus infinity."""
    return 1 / (1 + np.exp(np.clip(-STEEPNESS * appeal, -50, 50)))
