"""Leave-last-out: the product that each customer came to use last."""

from recommender import columns as c
from recommender.config import Config
from recommender.data.tables import Tables
from recommender.evaluation.split.parts import Split, held_out
from recommender.models.data import first_uses


def last(tables: Tables, config: Config) -> Split:
    """Hold out the last product that each customer came to use.

    Customers with fewer than ``minimum_history`` products are not tested, so at least one always stays. Where
    the data has no dates the order is a draw that depends on seed, customer and product alone: a later split of
    more data never tests what an earlier one trained on.
    """
    uses = first_uses(tables, config.seed)
    length = uses.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].transform("size")
    ends = ~uses.duplicated(c.CUSTOMER_ID, keep="last")
    return Split(tables, held_out(uses, ends & (length >= config.evaluation.minimum_history)))
