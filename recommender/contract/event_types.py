"""What a customer can do: every event type that apps may send, and that the events table holds."""

from typing import Final

VIEW: Final = "view"
SEARCH: Final = "search"
LIKE: Final = "like"
SAVE: Final = "save"
ADD_TO_CART: Final = "add_to_cart"
CLICK: Final = "click"
PURCHASE: Final = "purchase"
DISMISS: Final = "dismiss"
RATE_RECOMMENDATION: Final = "rate_recommendation"
AVOID: Final = "avoid"
EVENT_TYPES: Final = (VIEW, SEARCH, LIKE, SAVE, ADD_TO_CART, CLICK, PURCHASE, DISMISS, RATE_RECOMMENDATION, AVOID)
#: Events about a text (a search, an ingredient to avoid) and not about a product.
WORDED_TYPES: Final = (SEARCH, AVOID)
