"""The measures of success: one definition, from which documents and reports take them."""

from typing import get_args

from recommender.evaluation import kpis
from tests.support.paths import ROOT

GUARDRAILS = [kpi for kpi in kpis.kpis_from_join() if kpi.role == "guardrail"]


def test_the_page_of_measures_is_what_the_code_defines(tmp_path):
    kpis.publish_measures(tmp_path)
    assert (ROOT / "docs" / "figures" / "reference" / "measures.md").read_text() == (
        tmp_path / "reference" / "measures.md"
    ).read_text()


def test_names_are_unique_and_every_measure_is_of_a_stage():
    assert len(kpis.BY_NAME) == len(kpis.KPIS)
    assert sum(len(kpis.kpis_of_stage(stage)) for stage in get_args(kpis.Stage)) == len(kpis.KPIS)


def test_every_guardrail_of_the_join_says_how_much_it_may_lose():
    guardrails = {kpi.name: (kpi.tolerance, kpi.margin) for kpi in GUARDRAILS}
    assert guardrails == {"violations": (0.0, 0.0), "fallback": (0.1, 0.0), "latency": (0.0, 0.01)}


def test_every_guardrail_of_the_join_is_a_share_of_what_should_not_be():
    """What judges them (``experiments.effect.excess``) holds for shares that may not rise."""
    assert all(kpi.is_share and kpi.direction == "down" for kpi in GUARDRAILS)
