"""What may be shown, decided in one place for every kind of answer.

Scores never overrule a rule. The engine filters the whole catalogue before it ranks; a check then tests the
finished list product by product, with code of its own. ``conditions`` defines what each rule means.
"""

from recommender.rules.catalogue_filter import AllowedProducts
from recommender.rules.conditions import RULES
from recommender.rules.product_check import Violation
from recommender.rules.rebuying import DueProduct
from recommender.rules.rules import Rules

__all__ = ["RULES", "AllowedProducts", "DueProduct", "Rules", "Violation"]
