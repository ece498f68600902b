"""Which customers were in an experiment, and whether they were assigned as planned (sample ratio mismatch)."""

from dataclasses import dataclass
from math import exp, lgamma, log

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.impressions import CUSTOMER, VARIANT
from recommender.contract.query import CHALLENGER, CHAMPION, variant_of
from settings.experiment import ExperimentSettings

#: How close to the planned share the alternatives of the test lie: the larger, the smaller a fault it looks for.
_CONCENTRATION = 100.0


@dataclass(frozen=True)
class Assignment:
    """The assignment of customers to variants as the log shows it.

    Attributes:
        champion: Customers who were shown only the champion's answers.
        challenger: Customers who were shown only the challenger's answers.
        both: Customers who were shown answers of both: they are left out.
        elsewhere: Customers who were shown another variant than the assigned one.
        p_value: Chance that an assignment as planned looks this uneven at any look.
    """

    champion: int
    challenger: int
    both: int
    elsewhere: int
    p_value: float

    def fault(self, settings: ExperimentSettings) -> str | None:
        """What is wrong with the assignment, if anything: then no figure of the experiment can be trusted."""
        if self.p_value < settings.sample_ratio_alarm:
            return (
                f"{self.challenger} of {self.champion + self.challenger} customers have the challenger, "
                f"which a share of {settings.share:g} gives by chance at most once in {1 / self.p_value:.0f}"
            )
        if self.elsewhere:
            return f"{self.elsewhere} customers were shown another variant than the one drawn for them"
        return None


def exposed_answers(joined: pd.DataFrame, settings: ExperimentSettings) -> pd.DataFrame:
    """The answers that count: since the experiment's start, of either variant, to identified customers."""
    rows = joined[joined[VARIANT].isin((CHAMPION, CHALLENGER)) & (joined[CUSTOMER].fillna("") != "")]
    if settings.start is not None:
        rows = rows[rows[c.TIME] >= settings.start.timestamp()]
    return rows


def variants_by_customer(answers: pd.DataFrame) -> "pd.Series[str]":
    """The variant of each customer who was shown only one, by pseudonym."""
    shown = answers.groupby(CUSTOMER)[VARIANT].agg(["first", "nunique"])
    return shown.loc[shown["nunique"] == 1, "first"]


def observed_assignment(answers: pd.DataFrame, settings: ExperimentSettings) -> Assignment:
    """The assignment in these answers, compared with the planned one."""
    variants = variants_by_customer(answers)
    both = answers[CUSTOMER].nunique() - len(variants)
    planned = [variant_of(str(customer), settings.name, settings.share) for customer in variants.index]
    challengers = int((variants == CHALLENGER).sum())
    champions = len(variants) - challengers
    p_value = sample_ratio_p_value(champions, challengers, settings.share)
    return Assignment(champions, challengers, both, int((variants != planned).sum()) + both, p_value)


def sample_ratio_p_value(champion: int, challenger: int, share: float) -> float:
    """Always-valid p-value of the planned share: below alpha at any look with a chance of at most alpha.

    One over the Bayes factor of a beta-binomial around the planned share against the share itself: Lindon and Malek
    (2022), "Anytime-valid inference for multinomial count data", section 3.
    """
    if not 0 < share < 1:
        return 0.0 if (challenger if share <= 0 else champion) else 1.0
    a, b = _CONCENTRATION * share, _CONCENTRATION * (1 - share)
    mixture = _log_beta(a + challenger, b + champion) - _log_beta(a, b)
    planned = challenger * log(share) + champion * log(1 - share)
    return min(1.0, exp(min(0.0, planned - mixture)))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
