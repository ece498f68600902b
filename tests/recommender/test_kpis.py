"""The measures of success: one definition, from which documents and reports take them."""

from pathlib import Path
from typing import get_args

import pytest

from recommender import kpis
from recommender.documents import END, mark, write_between
from recommender.errors import ConfigError

PROBLEM = Path(__file__).parents[2] / "docs" / "problem.md"


@pytest.mark.parametrize("stage", get_args(kpis.Stage))
def test_the_problem_names_the_measures_as_the_code_defines_them(stage):
    _, _, rest = PROBLEM.read_text().partition(mark(f"measures {stage}", "python -m monitoring kpis"))
    assert rest.partition(END)[0].strip() == kpis.table(kpis.of_stage(stage))


def test_names_are_unique_and_every_measure_is_of_a_stage():
    assert len(kpis.BY_NAME) == len(kpis.KPIS)
    assert sum(len(kpis.of_stage(stage)) for stage in get_args(kpis.Stage)) == len(kpis.KPIS)


def test_every_live_guardrail_says_how_much_it_may_lose():
    guardrails = [kpi for kpi in kpis.of_stage("live") if kpi.role == "guardrail"]
    assert {kpi.name for kpi in guardrails} == {"violations", "fallback", "latency"}
    assert all(kpi.tolerance is not None for kpi in guardrails)


def test_figures_are_written_between_their_marks_and_nowhere_else(tmp_path):
    document = tmp_path / "a.md"
    document.write_text(f"before\n{mark('x', 'make x')}\nold\n{END}\nafter\n{mark('y', 'make y')}\n{END}\n")
    write_between(document, mark("x", "make x"), r"new \1")
    text = f"before\n{mark('x', 'make x')}\n\nnew \\1\n\n{END}\nafter\n{mark('y', 'make y')}\n{END}\n"
    assert document.read_text() == text


def test_a_document_without_a_place_is_refused(tmp_path):
    (tmp_path / "a.md").write_text("nothing")
    for document in (tmp_path / "a.md", tmp_path / "b.md"):
        with pytest.raises(ConfigError):
            write_between(document, mark("x", "make x"), "new")
