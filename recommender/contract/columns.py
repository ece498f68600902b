"""Every column and table name of the data contract, once.

Import as a module (``from recommender.contract import columns as c``) so that a use reads ``c.PRODUCT_ID``.
"""

from typing import Final, Literal, get_args

# Tables of the data contract.
CUSTOMERS: Final = "customers"
PRODUCTS: Final = "products"
TRANSACTIONS: Final = "transactions"
RATINGS: Final = "ratings"
EVENTS: Final = "events"
TABLES: Final = (CUSTOMERS, PRODUCTS, TRANSACTIONS, RATINGS, EVENTS)
# What cleaning makes beside them.
GUEST_BASKETS: Final = "guest_baskets"

# Identifiers, strings in every table.
CUSTOMER_ID: Final = "customer_id"
PRODUCT_ID: Final = "product_id"
TRANSACTION_ID: Final = "transaction_id"
EVENT_ID: Final = "event_id"
SESSION_ID: Final = "session_id"
REQUEST_ID: Final = "request_id"

# Customers.
BIRTH_YEAR: Final = "birth_year"
REGION: Final = "region"
SKIN_TYPE: Final = "skin_type"
CONCERNS: Final = "concerns"
AVOIDED_INGREDIENTS: Final = "avoided_ingredients"
SIGNUP_TIME: Final = "signup_time"

# Products.
NAME: Final = "name"
BRAND: Final = "brand"
CATEGORY: Final = "category"
FUNCTIONS: Final = "functions"
INGREDIENTS: Final = "ingredients"
DESCRIPTION: Final = "description"
PRICE: Final = "price"
STOCK: Final = "stock"
LAUNCHED: Final = "launched"
RATING_MEAN: Final = "rating_mean"
RATING_COUNT: Final = "rating_count"
LOVES: Final = "loves"
FAMILY_ID: Final = "family_id"

# Transactions, ratings and events.
QUANTITY: Final = "quantity"
RETURNED: Final = "returned"
UNIT_PRICE: Final = "unit_price"
TIME: Final = "time"
POSITION: Final = "position"
RATING: Final = "rating"
TYPE: Final = "type"
QUERY: Final = "query"
VALUE: Final = "value"

# Quarantine: a rejected row keeps where it came from and why it was rejected.
SOURCE: Final = "source"
TABLE: Final = "table"
ROW: Final = "row"
RULE: Final = "rule"
REASON: Final = "reason"
CONTENT: Final = "content"

# Recommendations.
RANK: Final = "rank"
SCORE: Final = "score"

SkinType = Literal["dry", "oily", "combination", "normal", "sensitive"]
SKIN_TYPES: Final[tuple[str, ...]] = get_args(SkinType)
