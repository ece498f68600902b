"""What may be shown: the one place that decides it, for every path an answer can take.

Scores never overrule a rule. The engine asks for a verdict on the whole catalogue before it ranks; a check then
judges the finished list product by product, by other code than the verdict's. ``conditions`` says what each rule means.
"""

from recommender.rules.check import Violation
from recommender.rules.conditions import RULES
from recommender.rules.due import Due
from recommender.rules.rules import Rules
from recommender.rules.verdict import Verdict

__all__ = ["RULES", "Due", "Rules", "Verdict", "Violation"]
