"""docs/architecture.md draws what the imports say: the layers, and the path of what passes through the rooms."""

import re
import tomllib
from itertools import pairwise
from typing import NamedTuple

import grimp
import pytest

from tests.support.paths import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
IMPORT_LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
LAYERS = {contract["name"]: contract for contract in IMPORT_LINTER["contracts"] if contract["type"] == "layers"}
SECTIONS = dict(section.split("\n", 1) for section in PAGE.split("\n## ")[1:])
ARROW = re.compile(r" (-->|-\.->)(?:\|([^|]+)\|)? ")
BETWEEN = 1
"""Modules that may stand between the two of a solid arrow."""


class Arrow(NamedTuple):
    start: str
    end: str
    handed_over: bool
    label: str


def arrows(section):
    """Those of a section's diagram, in order; a line may chain several, and one without any fails."""
    (diagram,) = re.findall(r"```mermaid\nflowchart \w+\n(.*?)```", section, re.DOTALL)
    found = []
    for line in diagram.splitlines():
        start, *rest = ARROW.split(line.strip())
        assert rest, line
        for kind, label, end in zip(*[iter(rest)] * 3, strict=True):
            found.append(Arrow(start, end, kind == "-.->", label or ""))
            start = end
    return found


PATHS = [arrow for title, section in SECTIONS.items() if title.startswith("Path: ") for arrow in arrows(section)]


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(*IMPORT_LINTER["root_packages"], cache_dir=None)


def imports(graph, arrow):
    """The shortest chain of imports between the two, from either; None where there is none."""
    ends = (arrow.start, arrow.end), (arrow.end, arrow.start)
    chains = [chain for importer, imported in ends if (chain := graph.find_shortest_chain(importer, imported))]
    return min(chains, key=len, default=None)


def wrong(graph, found):
    """The arrows that no import bears out, each with the nearest chain that there is."""
    chains = {arrow: imports(graph, arrow) for arrow in found if not arrow.handed_over}
    return {arrow: chain for arrow, chain in chains.items() if chain is None or len(chain) > 2 + BETWEEN}


def test_the_four_paths_are_there():
    assert sum(title.startswith("Path: ") for title in SECTIONS) == 4


def test_every_room_is_named():
    rooms = re.findall(r"^\| `(\w+)` \|", SECTIONS["The rooms"], re.MULTILINE)

    assert sorted(rooms) == sorted(IMPORT_LINTER["root_packages"])


@pytest.mark.parametrize("name", LAYERS)
def test_the_layers_are_those_of_the_contract(name):
    def together(text, parts):
        return {part.strip() for part in text.split(parts)}

    contract = [together(layer, "|") for layer in LAYERS[name]["layers"]]
    drawn = [(together(arrow.start, "&"), together(arrow.end, "&")) for arrow in arrows(SECTIONS[name])]

    assert drawn == [*pairwise(contract)]


def test_every_module_of_a_path_exists(graph):
    assert {name for arrow in PATHS for name in arrow[:2]} - graph.modules == set()


def test_every_arrow_of_a_path_is_an_import_or_says_how_it_is_handed_over(graph):
    assert wrong(graph, PATHS) == {}
    assert [arrow for arrow in PATHS if arrow.handed_over and not arrow.label] == []


def test_no_hand_over_is_drawn_where_there_is_an_import(graph):
    assert [arrow for arrow in PATHS if arrow.handed_over and len(imports(graph, arrow) or ()) == 2] == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("serving.server.app", "recommender.rules.product_check"),
        ("feedback.collector", "monitoring.retrain"),
        ("recommender.data.sources.connectors.sql", "recommender.knowledge.knowledge"),
    ],
)
def test_an_arrow_that_no_import_bears_out_is_found(graph, start, end):
    invented = Arrow(start, end, handed_over=False, label="")

    assert [*wrong(graph, [invented])] == [invented]
