"""The measures of success: one definition, from which documents and reports take them."""

from pathlib import Path
from typing import get_args

import pytest

from recommender import kpis
from recommender.documents import END, mark

PROBLEM = Path(__file__).parents[2] / "docs" / "problem.md"


@pytest.mark.parametrize("stage", get_args(kpis.Stage))
def test_the_problem_names_the_measures_as_the_code_defines_them(stage):
    _, _, rest = PROBLEM.read_text().partition(mark(f"measures {stage}", "python -m monitoring kpis"))
    assert rest.partition(END)[0].strip() == kpis.table(kpis.of_stage(stage))


def test_names_are_unique_and_every_measure_is_of_a_stage():
    assert len(kpis.BY_NAME) == len(kpis.KPIS)
    assert sum(len(kpis.of_stage(stage)) for stage in get_args(kpis.Stage)) == len(kpis.KPIS)


def test_every_guardrail_of_the_join_says_how_much_it_may_lose():
    guardrails = {kpi.name: kpi.tolerance for kpi in kpis.joined() if kpi.role == "guardrail"}
    assert guardrails == {"violations": 0.0, "fallback": 0.1}
