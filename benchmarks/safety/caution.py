"""What caution costs in a data set: products hidden though nothing that is printed on them is avoided."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.config.model import RuleSettings
from recommender.contract.query import Profile, Query
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from recommender.knowledge.knowledge import Knowledge
from recommender.models.model_data import rebuys
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.catalogue_building import build_catalogue
from recommender.rules import Rules
from recommender.rules.rules import AVOIDED_INGREDIENT, UNKNOWN_INGREDIENTS
from settings.config import Config
from settings.serving import COMMONLY_AVOIDED


@dataclass(frozen=True)
class Caution:
    """The catalogue's products for somebody who avoids one family.

    Attributes:
        containing: Hidden as a name on the label is of the family.
        unlabelled: Hidden as there is no label.
        unread: Hidden as a name on the label cannot be read, though none that can is of the family.
        shown: All others.
    """

    family: str
    containing: int
    unlabelled: int
    unread: int
    shown: int


def measure_caution(source: Path) -> list[Caution]:
    """Measure it for every family that people commonly avoid.

    Raises:
        ConfigError: The source file is missing or wrong.
        DataError: The data cannot be read.
    """
    tables = prepare(ingest(source), Config()).tables
    catalogue = build_catalogue(tables)
    rules = Rules(catalogue, Knowledge.load(), RuleSettings(), rebuys(tables, catalogue))
    return [_caution(rules, catalogue, family) for family in COMMONLY_AVOIDED]


def _caution(rules: Rules, catalogue: Catalogue, family: str) -> Caution:
    ids: Sequence[str] = catalogue.product_ids
    query = Query("", profile=Profile(avoided_ingredients=(family,)))
    broken: dict[str, set[str]] = {}
    for violation in rules.check(query, ids):
        broken.setdefault(violation.product_id, set()).add(violation.rule)
    containing = {id_ for id_, names in broken.items() if AVOIDED_INGREDIENT in names}
    unknown = {id_ for id_, names in broken.items() if UNKNOWN_INGREDIENTS in names} - containing
    unlabelled = {id_ for id_ in unknown if not catalogue.ingredients_known[catalogue.index[id_]]}
    hidden = len(containing) + len(unknown)
    return Caution(family, len(containing), len(unlabelled), len(unknown) - len(unlabelled), len(ids) - hidden)
