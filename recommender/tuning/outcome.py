"""What a tuning found: the searches, the verdict, the re-ranker."""

from dataclasses import dataclass

from recommender.config import RecommenderConfig
from recommender.config.model import RankerSettings
from recommender.evaluation.metrics import Interval
from recommender.tuning.found import Found
from recommender.tuning.shards import Searches
from recommender.tuning.verdict import Verdict


@dataclass(frozen=True)
class RankerFound:
    """What the re-ranker's search found.

    Attributes:
        search: The trials.
        settings: What holds: the search's best where it leads the present settings with its whole interval, else
            the present ones; not enabled where these do not lead the first stage.
        lead: Of the search's best over the present settings in NDCG@10.
        gain: Of the chosen re-ranker over the first stage in NDCG@10.
        blend: NDCG@10 of the first stage.
        ndcg: NDCG@10 of the re-ranker.
    """

    search: Found
    settings: RankerSettings
    lead: Interval
    gain: Interval
    blend: float
    ndcg: float


@dataclass(frozen=True)
class Tuning:
    """Everything that a tuning found.

    Attributes:
        name: Of the data set.
        commit: Of the code.
        config: What it began with.
        customers: How many the verdict is judged on.
        dated: Whether the order of purchases is known.
        searches: For the families alone and for a blend.
        verdict: What holds.
        ranker: The re-ranker's search, None where there was none.
    """

    name: str
    commit: str
    config: RecommenderConfig
    customers: int
    dated: bool
    searches: Searches
    verdict: Verdict
    ranker: RankerFound | None
