"""All cleaning rules, those of returns among them: what reports say of each."""

from typing import Final

from recommender.data.cleaning.returns.rules import RETURN_RULES
from recommender.data.cleaning.rules import CELL_RULES, DROP_RULES, ROW_RULES

REJECTING_RULES: Final = (*ROW_RULES, *RETURN_RULES.values(), *DROP_RULES)
"""Those by which a row may be put in quarantine."""

ALL_RULES: Final = (*REJECTING_RULES, *CELL_RULES)

MEANINGS: Final = {(rule.name, table): rule.what for rule in ALL_RULES for table in rule.tables}
"""What each rule looks for, by its name and table; of several rules of one name the last."""
