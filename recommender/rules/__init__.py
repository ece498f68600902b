"""What may be shown, decided in one place for every kind of answer.

Scores never overrule a rule. The engine filters the whole catalogue before it ranks; a check then tests the
finished list product by product, with code of its own. ``rules`` names them and defines what each means.
"""

from recommender.rules.catalogue_filter import AllowedProducts
from recommender.rules.catalogue_rules import Rules
from recommender.rules.product_check import Violation
from recommender.rules.rebuying import DueProduct
from recommender.rules.rules import RULES

__all__ = ["RULES", "AllowedProducts", "DueProduct", "Rules", "Violation"]
