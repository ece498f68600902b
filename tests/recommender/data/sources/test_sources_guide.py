"""docs/sources.md says what the code does."""

from pathlib import Path
from typing import get_args

import pytest
import yaml

from infrastructure.settings import Settings, checked
from recommender.config.preparation import MissingSettings
from recommender.contract import columns as c
from recommender.contract.fields import CONTRACT, INDICATED, fields_of
from recommender.data.cleaning.rule import Rule
from recommender.data.cleaning.rules import CELL_RULES, DROP_RULES, ROW_RULES
from recommender.data.sources.remote import ApiSource, SqlSource
from recommender.data.sources.source import ColumnSource, Source, TableSource
from settings.config import configuration
from tests.support.paths import ROOT

SOMETIMES = (c.TIME, c.PRODUCT_ID)
"""Columns that some tables and types of event may be without."""
GUIDE = (ROOT / "docs/sources.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", [*ROW_RULES, *DROP_RULES, *CELL_RULES], ids=lambda rule: rule.name)
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


@pytest.mark.parametrize("table", CONTRACT)
def test_of_every_column_it_is_told_what_becomes_of_a_missing_value(table: str) -> None:
    section = GUIDE.split("## A value that is missing\n")[1].split("\n## ")[0]
    choices = _choices(table)
    for name, (allowed, kept) in choices.items():
        assert f"| {table} | {name} | {', '.join(allowed)} | {kept} |" in section
    _, others = section.split("These leave no choice:")
    told = {name.strip(): line for line in others.splitlines() for name in line.strip("| ").split("|")[0].split(",")}
    for field in CONTRACT[table]:
        if field.name not in choices:
            assert ("stays missing" in told[field.name]) != field.filled or field.name in SOMETIMES, field


@pytest.mark.parametrize("table", CONTRACT)
def test_what_a_statistic_may_fill_has_an_indicator(table: str) -> None:
    filled = [name for name, (allowed, _) in _choices(table).items() if {"median", "draw"} & set(allowed)]
    assert sorted(filled) == sorted(INDICATED.get(table, ()))
    assert not [name for name in _choices(table) if fields_of(table)[name].filled]


def _choices(table: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Of each column that leaves a choice the choices, and what it means to keep a value missing."""
    group = MissingSettings.model_fields.get(table)
    fields = group.annotation.model_fields if group else {}
    return {name: (get_args(field.annotation), field.description) for name, field in fields.items()}


def test_the_example_is_right() -> None:
    example = GUIDE.split("## The YAML file\n")[1].split("```yaml\n")[1].split("```")[0]
    assert checked(Source, yaml.safe_load(example), where="docs/sources.md").name == "drogerie"


@pytest.mark.parametrize("path", sorted((ROOT / "sources").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sources_of_the_project_are_right(path: Path) -> None:
    assert Source.load(path).name == path.stem
    configuration(path)
