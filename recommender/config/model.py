"""The hybrid's parameters (families and their weights, candidates, re-ranker), and the rules on what may be shown."""

from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings


class FamilySettings(Settings):
    """The item-to-item families and what each weighs in the blend that finds candidates; 0 leaves one out.

    The weights were chosen on the last purchase of a random 4,000 Amazon Beauty customers by coordinate
    search (those of each alone: HR@10 .116 to .043); those of the two families by visit were set afterwards, small, as
    they improve the re-ranker and not the blend.
    """

    followed_by: float = Field(default=1.0, ge=0, description="weight of what customers bought later")
    preceded_by: float = Field(default=0.1, ge=0, description="weight of what customers bought earlier")
    bought_together: float = Field(default=0.1, ge=0, description="weight of what the same customers bought")
    bought_close: float = Field(default=0.1, ge=0, description="weight of what they bought within days")
    bought_same_day: float = Field(default=0.1, ge=0, description="weight of what they bought on the same day")
    bought_next_visit: float = Field(default=0.02, ge=0, description="weight of what they bought on later days")
    bm25: float = Field(default=0.1, ge=0, description="weight of implicit's BM25 item neighbours")
    als: float = Field(default=0.0, ge=0, description="weight of implicit's alternating least squares")
    ease: float = Field(default=0.5, ge=0, description="weight of EASE")
    content: float = Field(default=1.0, ge=0, description="weight of likeness in all product texts")
    title: float = Field(default=0.5, ge=0, description="weight of likeness in names alone")
    close_days: float = Field(default=100.0, gt=0, description="days in which `bought_close` falls to 1/e")
    step_decay: float = Field(default=0.9, gt=0, le=1, description="weight of a pair for each purchase between")
    ease_regularisation: float = Field(default=100.0, gt=0, description="EASE's lambda")
    ease_most_products: int = Field(
        default=5_000, ge=0, description="EASE is left out of larger catalogues: its time grows with their cube"
    )
    decay: float = Field(
        default=0.7, gt=0, le=1, description="weight of a purchase against the next one; 1 where the data has no dates"
    )
    history: int = Field(default=50, ge=1, description="a customer's last purchases that count")
    neighbours: int = Field(default=300, ge=10, description="neighbours kept a product, by blended weight")


class RankerSettings(Settings):
    """The LambdaRank re-ranker over the candidates."""

    enabled: bool = Field(default=True, description="False ranks by the blend alone")
    trees: int = Field(default=300, ge=1, description="trees at most")
    leaves: int = Field(default=31, ge=2, le=64, description="leaves a tree")
    learning_rate: float = Field(default=0.06, gt=0, description="shrinkage")
    minimum_leaf: int = Field(default=50, ge=1, description="rows in a leaf, at least")
    unseen: float = Field(
        default=0.15, gt=0, lt=1, description="share of customers held out to choose the number of trees"
    )
    patience: int = Field(
        default=40, ge=1, description="trees without a gain on these customers after which training stops"
    )
    levels: int = Field(
        default=3, ge=1, description="times that purchases are hidden from candidate generation to learn from"
    )
    hidden_share: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="share of a customer's purchases hidden each time where there are no dates; 0 hides the last one",
    )
    truncation: int = Field(
        default=20, ge=1, description="LambdaRank's truncation level: places from the top that its pairs begin in"
    )
    most_customers: int = Field(
        default=30_000, ge=1, description="customers a level to learn from; a sample where there are more"
    )
    minimum_groups: int = Field(
        default=100,
        ge=1,
        description="customers whose hidden purchase is among the candidates; with fewer there is no re-ranker",
    )


class NetworkSettings(Settings):
    """The sequence network: one more source of candidates, and of features, for the re-ranker."""

    enabled: bool = Field(default=True, description="False fits faster; docs/models/quality.md says what it costs")
    least_pairs: int = Field(
        default=50_000,
        ge=1,
        description="purchases that follow another one; with fewer the network is left out",
    )
    share: float = Field(
        default=0.5, ge=0, lt=1, description="share of a customer's candidates that it finds; the blend finds the rest"
    )
    width: int = Field(default=64, ge=2, description="numbers that describe a product")
    heads: int = Field(default=2, ge=1, description="attention heads; a divisor of `width`")
    length: int = Field(default=30, ge=2, description="a customer's last purchases that it sees")
    text_width: int = Field(default=384, ge=1, description="numbers that a product's text is reduced to")
    epochs: int = Field(default=8, ge=1, description="passes over the data")
    further_epochs: int = Field(
        default=4, ge=1, description="passes where it continues from the network fitted without the last purchases"
    )
    batch: int = Field(default=128, ge=1, description="customers of the longest histories a step; more of shorter ones")
    negatives: int = Field(
        default=1500, ge=1, description="random products a step that each purchase is contrasted with"
    )
    learning_rate: float = Field(default=0.003, gt=0, description="of Adam, at its highest")
    dropout: float = Field(default=0.3, ge=0, lt=1, description="share of a vector left out while fitting")
    weight_decay: float = Field(default=1e-4, ge=0, description="of every weight")


class GroupSettings(Settings):
    """The customer groups that stand for a customer without history."""

    age_bands: tuple[int, ...] = Field(default=(18, 25, 35, 45, 55, 65), description="lower ages of the bands")
    shrinkage: float = Field(default=200.0, gt=0, description="purchases of the coarser group mixed in")
    rating_shrinkage: float = Field(
        default=50.0, gt=0, description="ratings that the coarser group's mean rating is worth in a finer one"
    )
    trait_shrinkage: float = Field(
        default=2000.0, gt=0, description="purchases of everybody mixed into those of customers with one trait"
    )
    concern_weight: float = Field(
        default=0.5,
        ge=0,
        description="weight of what people with a concern buy; skin type and age explain a part of it already",
    )
    minimum: int = Field(default=20, ge=1, description="customers a group needs")


class ModelSettings(Settings):
    """The hybrid's parameters."""

    candidates: int = Field(default=80, ge=10, description="products a customer that the re-ranker ranks")
    recent_days: int = Field(default=90, ge=1, description="window of popularity for a customer without history")
    diversity: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="how much a product loses by similarity to those before it in a list; 0 ranks by the score alone",
    )
    refit: bool = Field(default=True, description="deploy the model fitted on everything, not the judged one")
    families: FamilySettings = FamilySettings()
    ranker: RankerSettings = RankerSettings()
    network: NetworkSettings = NetworkSettings()
    groups: GroupSettings = GroupSettings()


class RebuySettings(Settings):
    """When a product that the customer has is shown again: people buy it repeatedly, and it is due."""

    places: int = Field(
        default=0,
        ge=0,
        le=100,
        description="first places of a list for products due again; 0 never shows what a customer has",
    )
    minimum: int = Field(default=5, ge=1, description="customers who bought the product again, at least")
    share: float = Field(default=0.1, ge=0, le=1, description="share of its buyers who bought it again, at least")
    given_up: float = Field(
        default=3.0,
        gt=1,
        description="multiple of the usual gap since the last purchase after which it is not offered any more",
    )


class RuleSettings(Settings):
    """What may be shown where a request does not say."""

    unknown_ingredients: Literal["refuse", "allow"] = Field(
        default="refuse",
        description="products without an ingredient list that can be read, for customers who avoid an ingredient: "
        "what is not known cannot be called safe",
    )
    unrecognised_avoidances: Literal["tell", "refuse"] = Field(
        default="tell",
        description="a request's words for an ingredient to avoid that nothing knows: the answer names them, or the "
        "request is refused; stored words are always told",
    )
    cached_wishes: int = Field(default=512, ge=1, description="product masks of avoided ingredients kept in memory")
    rebuy: RebuySettings = RebuySettings()
