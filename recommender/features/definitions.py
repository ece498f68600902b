"""Every feature view and feature: Feast's definitions and the documentation are made from these tables."""

from dataclasses import dataclass
from typing import Final, Literal

from recommender.contract import columns as c

DType = Literal["Int64", "Float64", "String", "Array(String)", "Array(Int64)", "Array(Float32)"]

EVENT_TIMESTAMP: Final = "event_timestamp"
"""Column of every view: the time from which its row is valid (see ``recommender.features.snapshot``)."""

CUSTOMER_PROFILE: Final = "customer_profile"
CUSTOMER_HISTORY: Final = "customer_history"
CUSTOMER_ACTIVITY: Final = "customer_activity"
PRODUCT_STATISTICS: Final = "product_statistics"

# Features that other parts read or change by name.
DISMISSED: Final = "dismissed"
RECENT_PRODUCTS: Final = "recent_products"
RECENT_TIMES: Final = "recent_times"
INFERRED_AVOIDANCES: Final = "inferred_avoidances"
INGREDIENT_EMBEDDING: Final = "ingredient_embedding"

LONGEST_HISTORY: Final = 100
RECENT_DAYS: Final = 30
SEASON_DAYS: Final = 90
PRIOR_RATINGS: Final = 10
"""Average ratings that are added to every product's own ratings in ``rating_bayes``."""
TOP_PRODUCTS: Final = 5
EMBEDDING_WIDTH: Final = 16
PRICE_TIERS: Final = ("low", "middle", "high")


@dataclass(frozen=True)
class Feature:
    """One feature: name, type, unit and meaning."""

    name: str
    dtype: DType
    unit: str
    description: str


@dataclass(frozen=True)
class View:
    """Features that are computed and read together, one row an entity.

    Attributes:
        entity: The column that names the entity.
        pushed: Customers' actions change it at once, not only when features are computed again.
    """

    name: str
    entity: str
    description: str
    features: tuple[Feature, ...]
    pushed: bool = False


@dataclass(frozen=True)
class ServiceDefinition:
    """Views that one use reads together.

    Attributes:
        views: Their names.
    """

    name: str
    description: str
    views: tuple[str, ...]


VIEWS: Final = (
    View(
        CUSTOMER_PROFILE,
        c.CUSTOMER_ID,
        "What customers say of themselves, and what they do not want to see",
        (
            Feature(c.BIRTH_YEAR, "Int64", "year", "Year of birth"),
            Feature(c.REGION, "String", "name", "Region"),
            Feature(c.SKIN_TYPE, "String", "name", f"One of {', '.join(c.SKIN_TYPES)}"),
            Feature(c.CONCERNS, "Array(String)", "names", "Declared concerns, as named in concerns.yaml"),
            Feature(c.AVOIDED_INGREDIENTS, "Array(String)", "names", "Declared ingredients or families to avoid"),
            Feature(DISMISSED, "Array(String)", "product ids", "Products dismissed, in order of the first time"),
        ),
        pushed=True,
    ),
    View(
        CUSTOMER_HISTORY,
        c.CUSTOMER_ID,
        "What customers used last: purchases, purchase events and ratings",
        (
            Feature(RECENT_PRODUCTS, "Array(String)", "product ids", f"The last {LONGEST_HISTORY} uses, oldest first"),
            Feature(
                RECENT_TIMES, "Array(Int64)", "seconds since 1970 (UTC)", "Time of each; empty where any is not known"
            ),
        ),
        pushed=True,
    ),
    View(
        CUSTOMER_ACTIVITY,
        c.CUSTOMER_ID,
        "How much, how often and what customers use",
        (
            Feature("purchases", "Int64", "uses", "Purchases and ratings counted as uses"),
            Feature("products", "Int64", "products", "Different products used"),
            Feature("average_days_between", "Float64", "days", "Mean gap between days with a use; from two days on"),
            Feature("days_since_last", "Float64", "days", "Days from the last use to the row's moment"),
            Feature("mean_price", "Float64", "catalogue currency", "Mean catalogue price of the uses"),
            Feature("mean_rating", "Float64", "stars, 1 to 5", "Mean of the ratings given"),
            Feature("spend", "Float64", "catalogue currency", "Catalogue prices of all pieces of the uses together"),
            Feature("spend_level", "String", "name", f"Third of the customers' spend: {', '.join(PRICE_TIERS)}"),
            Feature(
                "top_products",
                "Array(String)",
                "product ids",
                f"The {TOP_PRODUCTS} products used most often, of equals the later used first",
            ),
            Feature("top_brand", "String", "name", "Brand used most often; of equals the later used"),
            Feature("top_category", "String", "path", "Category used most often; of equals the later used"),
            Feature(
                "inferred_concerns",
                "Array(String)",
                "names",
                "Concerns that the products used serve more than the catalogue does, strongest first",
            ),
            Feature(
                INFERRED_AVOIDANCES,
                "Array(String)",
                "names",
                "Families and ingredients that searches want left out ('no parabens'), the most frequent first; "
                f"apart from the declared {c.AVOIDED_INGREDIENTS}: they hide nothing by themselves",
            ),
        ),
    ),
    View(
        PRODUCT_STATISTICS,
        c.PRODUCT_ID,
        "How products sell, what customers think of them, what they cost and serve",
        (
            Feature("popularity_30d", "Int64", "uses", f"Uses in the last {RECENT_DAYS} days"),
            Feature("popularity_90d", "Int64", "uses", f"Uses in the last {SEASON_DAYS} days"),
            Feature("popularity_all", "Int64", "uses", "Uses ever"),
            Feature("ratings", "Int64", "ratings", "Ratings received"),
            Feature(
                "rating_bayes",
                "Float64",
                "stars, 1 to 5",
                f"Mean rating, drawn to the mean of all ratings as if by {PRIOR_RATINGS} such ratings",
            ),
            Feature(
                c.FAMILY_ID, "String", "id", "Family of variants (sizes, packs, shades); missing for a lone product"
            ),
            Feature(c.PRICE, "Float64", "catalogue currency", "Catalogue price"),
            Feature("price_tier", "String", "name", f"Third of the catalogue's prices: {', '.join(PRICE_TIERS)}"),
            Feature("days_since_launch", "Float64", "days", "Days from the launch to the row's moment"),
            Feature(
                c.CONCERNS, "Array(String)", "names", "Concerns that name, claims or ingredients serve, strongest first"
            ),
            Feature(
                INGREDIENT_EMBEDDING,
                "Array(Float32)",
                "none: a direction of length 1",
                f"The label's INCI names by TF-IDF and SVD as {EMBEDDING_WIDTH} numbers: products made of the same "
                "point the same way; empty without a label; comparable only within one run",
            ),
        ),
    ),
)


SERVICES: Final = (
    ServiceDefinition(
        "recommendations",
        "What an answer to a customer rests on beside the model; read online at each request",
        (CUSTOMER_PROFILE, CUSTOMER_HISTORY),
    ),
    ServiceDefinition(
        "customers",
        "All that is known of customers at a moment: for segments, analyses and models of one's own",
        (CUSTOMER_PROFILE, CUSTOMER_HISTORY, CUSTOMER_ACTIVITY),
    ),
    ServiceDefinition("products", "How products sell, what they cost and serve, at a moment", (PRODUCT_STATISTICS,)),
)


def push_source(view: str) -> str:
    """The name under which changes to a view are pushed."""
    return f"{view}_push"


def view(name: str) -> View:
    """The view of this name."""
    return next(view for view in VIEWS if view.name == name)
