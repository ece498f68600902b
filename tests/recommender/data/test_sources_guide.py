"""docs/sources.md says what the code does."""

from itertools import chain
from pathlib import Path

import pytest
import yaml

from recommender import columns as c
from recommender.config import checked
from recommender.config.base import Settings
from recommender.data.configuration import configuration
from recommender.data.contract import CONTRACT
from recommender.data.remote import ApiSource, SqlSource
from recommender.data.rule import Rule
from recommender.data.rules import CELL_RULES, ROW_RULES
from recommender.data.source import ColumnSource, Source, TableSource

ROOT = Path(__file__).parents[3]
SOMETIMES = (c.TIME, c.PRODUCT_ID)
"""Columns that some tables and types of event may be without."""
GUIDE = (ROOT / "docs/sources.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", [*ROW_RULES, *CELL_RULES], ids=lambda rule: rule.name)
def test_every_rule_is_explained(rule: Rule) -> None:
    lines = [
        line
        for line in GUIDE.splitlines()
        if line.startswith(f"| `{rule.name}` |") and line.endswith(f"| {rule.what} |")
    ]
    assert any(set(rule.tables) <= set(line.split("|")[2].replace(",", " ").split()) for line in lines)


@pytest.mark.parametrize("kind", [TableSource, ColumnSource, SqlSource, ApiSource])
def test_every_key_is_explained(kind: type[Settings]) -> None:
    keys = {field.alias or name for name, field in kind.model_fields.items()} - {"columns"}
    assert not [key for key in keys if f"| `{key}` |" not in GUIDE]


def test_every_key_of_the_data_set_is_explained() -> None:
    keys = set(Source.model_fields) - {"name", "tables", "synthetic"}
    assert not [key for key in keys if f"| `{key}` |" not in GUIDE]


def test_the_tables_are_those_of_the_contract() -> None:
    for table, fields in CONTRACT.items():
        line = next(line for line in GUIDE.splitlines() if line.startswith(f"| {table} | **"))
        assert not [f.name for f in fields if (f"**{f.name}**" if f.required else f.name) not in line]


def test_of_every_column_it_is_told_what_becomes_of_a_missing_value() -> None:
    section = GUIDE.split("## A value that is missing\n")[1].split("\n## ")[0]
    cells = {name.strip(): line for line in section.splitlines() for name in line.strip("| ").split("|")[0].split(",")}
    for field in chain(*CONTRACT.values()):
        stays = "stays missing" in cells[field.name]
        assert stays != field.filled or field.name in SOMETIMES, field


def test_the_example_is_right() -> None:
    example = GUIDE.split("```yaml\n")[1].split("```")[0]
    assert checked(Source, yaml.safe_load(example), where="docs/sources.md").name == "drogerie"


@pytest.mark.parametrize("path", sorted((ROOT / "sources").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sources_of_the_project_are_right(path: Path) -> None:
    assert Source.load(path).name == path.stem
    configuration(path)
