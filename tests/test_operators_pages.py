"""The pages on serving, monitoring and operations name all that the code has, and links and options that are there."""

import re
from itertools import chain

import pytest
import yaml
from typer.main import get_command

from beauty.command_line import app
from feedback import events
from monitoring import trigger
from recommender.contract import event_types
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
PAGES = [
    *(page for room in ("serving", "monitoring", "operations") for page in sorted((DOCS / room).glob("*.md"))),
    DOCS / "architecture.md",
    DOCS / "security.md",
    ROOT / "serving/README.md",
]
VARIABLES_PAGES = "operations/environment.md", "operations/kubeflow.md", "serving/running.md", "serving/observing.md"
NO_VARIABLES = {"BYTES", "EQUALS", "WRONGTYPE", "PROMETHEUS_MULTIPROC_DIR"}
"""Constants in capitals that are none which a person sets."""


def text(name):
    return (DOCS / name).read_text(encoding="utf-8")


def unnamed(names, *pages):
    """Those of ``names`` that no page has in code type; what examples hold does not count."""
    prose = (re.sub(r"```.*?```", "", text(page), flags=re.DOTALL) for page in pages)
    named = " ".join(chain(*(re.findall(r"`([^`]+)`", part) for part in prose)))
    return set(names) - set(re.findall(r"\w+", named))


def source(*rooms):
    """The code of these rooms as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in sorted((ROOT / room).rglob("*.py")))


def metrics(*rooms):
    """Names as Prometheus sees them."""
    kinds = r"(Counter|Gauge|Histogram|GaugeMetricFamily)\(\s*\"(recommender_\w+)\""
    return {f"{name}_total" if kind == "Counter" else name for kind, name in re.findall(kinds, source(*rooms))}


def test_every_environment_variable_is_named():
    rooms = "infrastructure", "settings", "feature_repo", "feedback", "serving", "deployment", "monitoring"
    variables = set(re.findall(r': Final(?:\[str\])? = "([A-Z][A-Z0-9_]{3,})"', source(*rooms))) - NO_VARIABLES

    assert {"CHAMPION", "EVENT_LOG", "INFERENCE_SERVICE", "KFP_ENDPOINT", "ONLINE_STORE"} <= variables
    assert unnamed(variables, *VARIABLES_PAGES) == set()


def test_every_metric_is_named():
    endpoint, others = metrics("serving"), metrics("feedback", "monitoring")

    assert (len(endpoint), len(others)) >= (15, 7)
    assert unnamed(endpoint, "serving/observing.md") == set()
    assert unnamed(others, "monitoring/dashboards.md") == set()


def test_every_alert_is_named():
    (group,) = yaml.safe_load((ROOT / "monitoring/dashboards/alerts.yaml").read_text(encoding="utf-8"))["groups"]

    assert unnamed([rule["alert"] for rule in group["rules"]], "monitoring/dashboards.md") == set()


def test_every_field_and_type_of_an_event_is_named():
    (fields,) = [
        known
        for known in (getattr(value, "model_fields", {}) for value in vars(events).values())
        if "event_id" in known
    ]

    assert unnamed(fields, "monitoring/events.md") == set()
    assert set(re.findall(r"\w+", text("monitoring/events.md"))) >= set(event_types.EVENT_TYPES)


def test_all_that_speaks_for_and_against_a_retraining_is_named():
    assert unnamed([*trigger._REASONS, *trigger._BLOCKS, "busy", "dry_run"], "monitoring/rounds.md") == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_option_of_a_command_is_there(page):
    commands = get_command(app).commands

    for called, tail in re.findall(r"\bbeauty ([a-z][a-z-]*)([^`\n]*)", code(page)):
        known = {name for parameter in commands[called].params for name in parameter.opts}
        assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", tail.partition("#")[0])) <= known, (called, tail)


def code(page):
    """All of a page in code type, examples too, a line each."""
    found = page.read_text(encoding="utf-8")
    examples = re.findall(r"```\w+\n(.*?)```", found, re.DOTALL)
    return "\n".join([*examples, *re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", found, flags=re.DOTALL))])


def anchors(page):
    """The places of a page that a link can name, as GitHub makes them of headings."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_to_a_heading_finds_it(page):
    for link in re.findall(r"\]\(([^)\s]+#[^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, place = link.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert link.startswith("https://") or place in anchors(linked), link
