"""Leave-last-out: the product that each customer came to use last."""

from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.models.model_data import first_uses
from recommender.splits.parts import Split, held_out


def last(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out the last product that each customer came to use.

    Customers with fewer than ``minimum_history`` products are not tested, so at least one always stays. Where
    the data has no dates the order is a draw that depends on seed, customer and product alone: a later split of
    more data never tests what an earlier one trained on.
    """
    uses = first_uses(tables, config.seed)
    length = uses.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].transform("size")
    ends = ~uses.duplicated(c.CUSTOMER_ID, keep="last")
    return Split(tables, held_out(uses, ends & (length >= config.evaluation.minimum_history)))
