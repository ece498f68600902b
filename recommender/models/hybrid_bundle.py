"""The hybrid's parts as a bundle's files, and back."""

from recommender.config.model import ModelSettings
from recommender.models.bundle import Bundle, BundleWriter
from recommender.models.candidate_generation import CandidateGenerator
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.candidate_models.customer_traits import CustomerTraits
from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.hybrid import Hybrid
from recommender.models.network.network import Network
from recommender.models.products.attributes import Attribute
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.visit_statistics import VisitStatistics
from recommender.models.reranker.trees import Ranker

_RANKER = "ranker"
_ATTRIBUTE = "attribute_"
_NETWORK = "network"


def write_hybrid(bundle: BundleWriter, hybrid: Hybrid, catalogue: Catalogue) -> None:
    """Put the catalogue and every fitted part into a bundle."""
    generator = hybrid.generator
    bundle.arrays("catalogue", catalogue.arrays())
    bundle.json("catalogue", catalogue.texts())
    bundle.arrays("neighbours", generator.neighbours.arrays())
    bundle.arrays("popularity", generator.popularity.arrays())
    bundle.arrays("visits", generator.visits.arrays())
    bundle.arrays("groups", generator.groups.arrays())
    bundle.arrays("needs", generator.concern_efficacy.arrays())
    bundle.arrays("traits", generator.traits.arrays())
    for name, attribute in generator.attributes.items():
        bundle.arrays(f"{_ATTRIBUTE}{name}", attribute.arrays())
    if generator.network is not None:
        bundle.arrays(_NETWORK, generator.network.weights)
    if hybrid.ranker is not None:
        bundle.arrays(_RANKER, hybrid.ranker.trees.arrays())
        bundle.path(f"{_RANKER}.txt").write_text(hybrid.ranker.text, encoding="utf-8")
    bundle.json("settings", generator.settings.model_dump(mode="json"))
    bundle.json("names", _names(hybrid))


def read_hybrid(bundle: Bundle) -> tuple[Hybrid, Catalogue]:
    """The model and catalogue that :func:`write_hybrid` kept."""
    settings = bundle.settings("settings", ModelSettings)
    names = bundle.json("names")
    catalogue = Catalogue.from_parts(bundle.arrays("catalogue"), **bundle.json("catalogue"))
    network = bundle.arrays(_NETWORK)
    generator = CandidateGenerator(
        settings=settings,
        neighbours=Neighbours.from_parts(bundle.arrays("neighbours"), tuple(names["families"]), float(names["decay"])),
        popularity=Popularity.from_parts(bundle.arrays("popularity")),
        visits=VisitStatistics.from_parts(bundle.arrays("visits")),
        attributes={name: Attribute.from_parts(bundle.arrays(f"{_ATTRIBUTE}{name}")) for name in names["attributes"]},
        price=catalogue.price,
        groups=CustomerGroups.from_parts(
            bundle.arrays("groups"), keys=tuple(map(tuple, names["groups"])), settings=settings.groups
        ),
        concern_efficacy=ConcernEfficacy.from_parts(bundle.arrays("needs"), concerns=tuple(names["concerns"])),
        traits=CustomerTraits.from_parts(
            bundle.arrays("traits"), traits=tuple(map(tuple, names["traits"])), settings=settings.groups
        ),
        network=Network(network, settings.network) if network else None,
    )
    trees = bundle.arrays(_RANKER)
    return Hybrid(generator, Ranker.from_parts(trees, names["features"]) if trees else None), catalogue


def _names(hybrid: Hybrid) -> dict[str, float | list[str] | list[list[str]]]:
    generator = hybrid.generator
    return {
        "features": [*hybrid.ranker.names] if hybrid.ranker else [],
        "families": [*generator.neighbours.families],
        "decay": generator.neighbours.decay,
        "attributes": [*generator.attributes],
        "groups": [[*key] for key in generator.groups.keys],
        "concerns": [*generator.concern_efficacy.concerns],
        "traits": [[*trait] for trait in generator.traits.traits],
    }
