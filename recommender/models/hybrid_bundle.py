"""The hybrid's parts as a bundle's files, and back."""

from recommender.config.model import ModelSettings
from recommender.models.bundle import Bundle, BundleWriter
from recommender.models.candidate_generation import FirstStage
from recommender.models.candidate_models.groups import Groups
from recommender.models.candidate_models.needs import Needs
from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.candidate_models.traits import Traits
from recommender.models.hybrid import Hybrid
from recommender.models.network.network import Network
from recommender.models.products.attributes import Attribute
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.visits import Visits
from recommender.models.reranker.ranker import Ranker

_RANKER = "ranker"
_ATTRIBUTE = "attribute_"
_NETWORK = "network"


def write_hybrid(bundle: BundleWriter, hybrid: Hybrid, catalogue: Catalogue) -> None:
    """Put the catalogue and every fitted part into a bundle."""
    first = hybrid.first
    bundle.arrays("catalogue", catalogue.arrays())
    bundle.json("catalogue", catalogue.texts())
    bundle.arrays("neighbours", first.neighbours.arrays())
    bundle.arrays("popularity", first.popularity.arrays())
    bundle.arrays("visits", first.visits.arrays())
    bundle.arrays("groups", first.groups.arrays())
    bundle.arrays("needs", first.needs.arrays())
    bundle.arrays("traits", first.traits.arrays())
    for name, attribute in first.attributes.items():
        bundle.arrays(f"{_ATTRIBUTE}{name}", attribute.arrays())
    if first.network is not None:
        bundle.arrays(_NETWORK, first.network.arrays())
    if hybrid.ranker is not None:
        bundle.arrays(_RANKER, hybrid.ranker.trees.arrays())
        bundle.path(f"{_RANKER}.txt").write_text(hybrid.ranker.text, encoding="utf-8")
    bundle.json("settings", first.settings.model_dump(mode="json"))
    bundle.json("names", _names(hybrid))


def read_hybrid(bundle: Bundle) -> tuple[Hybrid, Catalogue]:
    """The model and catalogue that :func:`write_hybrid` kept."""
    settings = bundle.settings("settings", ModelSettings)
    names = bundle.json("names")
    catalogue = Catalogue.from_parts(bundle.arrays("catalogue"), bundle.json("catalogue"))
    network = bundle.arrays(_NETWORK)
    first = FirstStage(
        settings=settings,
        neighbours=Neighbours.from_parts(bundle.arrays("neighbours"), tuple(names["families"]), float(names["decay"])),
        popularity=Popularity.from_parts(bundle.arrays("popularity")),
        visits=Visits.from_parts(bundle.arrays("visits")),
        attributes={name: Attribute.from_parts(bundle.arrays(f"{_ATTRIBUTE}{name}")) for name in names["attributes"]},
        price=catalogue.price,
        groups=Groups.from_parts(bundle.arrays("groups"), names["groups"], settings.groups),
        needs=Needs.from_parts(bundle.arrays("needs"), names["concerns"]),
        traits=Traits.from_parts(bundle.arrays("traits"), names["traits"], settings.groups),
        network=Network(network, settings.network) if network else None,
    )
    trees = bundle.arrays(_RANKER)
    return Hybrid(first, Ranker.from_parts(trees, names["features"]) if trees else None), catalogue


def _names(hybrid: Hybrid) -> dict[str, float | list[str] | list[list[str]]]:
    first = hybrid.first
    return {
        "features": [*hybrid.ranker.names] if hybrid.ranker else [],
        "families": [*first.neighbours.families],
        "decay": first.neighbours.decay,
        "attributes": [*first.attributes],
        "groups": [[*key] for key in first.groups.keys],
        "concerns": [*first.needs.concerns],
        "traits": [[*trait] for trait in first.traits.traits],
    }
