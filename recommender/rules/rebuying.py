"""Products that the customer has and is due to buy again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from infrastructure import SECONDS_A_DAY
from recommender.config.model import RebuySettings
from recommender.contract.query import Query
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.rebuys import Rebuys


@dataclass(frozen=True, slots=True)
class DueProduct:
    """A product that is due.

    Attributes:
        product: Position in the catalogue.
        since: Days since the customer last bought it.
        usual: Days after which customers buy it again.
    """

    product: int
    since: int
    usual: int


@dataclass(frozen=True)
class Rebuying:
    """Finds what is due; without ``rebuys`` nothing is."""

    catalogue: Catalogue
    rebuys: Rebuys | None
    settings: RebuySettings

    def places(self, query: Query) -> int:
        """How many places of the answer products may take that the customer has."""
        return self.settings.places if query.profile.rebuys is None else query.profile.rebuys

    def due(self, query: Query) -> tuple[DueProduct, ...]:
        """What the customer may be offered again, the product that most people buy again first."""
        if self.rebuys is None or not self.places(query):
            return ()
        bought = _last_days(query)
        today = max([self.rebuys.last_day, *bought.values()]) if query.now is None else query.now // SECONDS_A_DAY
        found = [self._found(position, today - day) for position, day in self._last_variants(bought)]
        share = self.rebuys.share
        return tuple(sorted(filter(None, found), key=lambda due: (-share[due.product], due.product)))

    def _last_variants(self, bought: Mapping[str, int]) -> Iterable[tuple[int, int]]:
        """Of each family the variant that was bought last, and the day; other products are not known."""
        found: dict[int, tuple[int, int]] = {}
        for product_id, day in bought.items():
            position = self.catalogue.index.get(product_id)
            if position is not None:
                family = int(self.catalogue.family[position])
                if family not in found or day > found[family][1]:
                    found[family] = position, day
        return found.values()

    def _found(self, product: int, since: int) -> DueProduct | None:
        """The product, if people buy it again and it is time."""
        rebuys, settings = self.rebuys, self.settings
        if rebuys is None or rebuys.again[product] < settings.minimum or rebuys.share[product] < settings.share:
            return None
        usual = float(rebuys.gap[product])
        if not usual <= since <= settings.given_up * usual:
            return None
        return DueProduct(product, since, round(usual))


def _last_days(query: Query) -> dict[str, int]:
    """The last day on which each product was bought, where that is known."""
    found: dict[str, int] = {}
    for product_id, seconds in zip(query.products, query.times, strict=False):
        if seconds > 0:
            day = seconds // SECONDS_A_DAY
            found[product_id] = max(day, found.get(product_id, day))
    return found
