"""The pages on data say what the code does."""

import re
from pathlib import Path

import pytest
import yaml

from infrastructure.settings import Settings, checked
from recommender.config.preparation import MissingSettings
from recommender.contract.fields import CONTRACT, INDICATED, fields_of
from recommender.data.cleaning.returns.rules import RETURN_RULES
from recommender.data.cleaning.rule import Rule
from recommender.data.cleaning.rules import CELL_RULES, DROP_RULES, ROW_RULES
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.currency_settings import CurrencySettings, RatesFile
from recommender.data.sources.description.remote_settings import ApiSource, SqlSource
from recommender.data.sources.description.row_condition import RowCondition
from recommender.data.sources.description.shape_settings import Explode, FillDown, Pivot, Unpack
from recommender.data.sources.description.source import Source
from recommender.data.sources.description.table_source import JoinedTable, TableSource
from recommender.data.sources.presets.merging import with_presets
from recommender.reports import reference
from settings.config import Config, configuration
from tests.support.paths import ROOT

DATA = ROOT / "docs" / "data"
FIGURES = ROOT / "docs" / "figures" / "reference"
SHAPES = [FillDown, Explode, Unpack, Pivot, JoinedTable, RowCondition]
EXAMPLES = [
    (f"{path.relative_to(ROOT).as_posix()} {number}", example)
    for path in sorted((ROOT / "docs").rglob("*.md"))
    for number, example in enumerate(re.findall(r"^ *```yaml\n(.*?)^ *```", path.read_text("utf-8"), re.S | re.M), 1)
]
BESIDES = {"products": {"file": "p.csv", "columns": {"product_id": "id", "name": "name"}}}
CHOICES = {table: MissingSettings().choices(table) for table in CONTRACT}


def page(name: str) -> str:
    return (FIGURES / f"{name}.md").read_text(encoding="utf-8")


def test_the_reference_pages_are_what_the_code_says(tmp_path: Path) -> None:
    reference.publish_reference(tmp_path)
    written = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "reference").iterdir()}
    assert written == {name: page(name) for name in ("columns", "source-file-keys", "presets", "cleaning-rules")}


@pytest.mark.parametrize(
    "rule", [*ROW_RULES, *RETURN_RULES.values(), *DROP_RULES, *CELL_RULES], ids=lambda rule: rule.name
)
def test_every_rule_is_explained(rule: Rule) -> None:
    lines = [
        line
        for line in page("cleaning-rules").splitlines()
        if line.startswith(f"| `{rule.name}` |") and line.endswith(f"| {rule.what} |")
    ]
    assert any(set(rule.tables) <= set(line.split("|")[2].replace(",", " ").split()) for line in lines)


@pytest.mark.parametrize(
    "kind", [*SHAPES, Source, TableSource, ColumnSource, SqlSource, ApiSource, CurrencySettings, RatesFile]
)
def test_every_key_is_explained(kind: type[Settings]) -> None:
    keys = {field.alias or name for name, field in kind.model_fields.items()}
    assert not [key for key in keys if f"| `{key}` |" not in page("source-file-keys")]


@pytest.mark.parametrize("table", CONTRACT)
def test_of_every_column_it_is_told_what_becomes_of_a_missing_value(table: str) -> None:
    assert set(reference.WITHOUT_CHOICE) & set(CHOICES[table]) == set()
    for field in CONTRACT[table]:
        if field.name not in CHOICES[table]:
            special = reference.IN_ONE_TABLE.get((table, field.name))
            meaning = special or reference.WITHOUT_CHOICE[field.name]
            assert bool(special) or ("stays missing" in meaning) != field.filled, field


@pytest.mark.parametrize("table", CONTRACT)
def test_what_a_statistic_may_fill_has_an_indicator(table: str) -> None:
    section = page("columns").split(f"## {table}\n")[1].split("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    filled = [cells[0] for cells in lines if {"median", "draw"} & set(cells[2].split(", "))]
    assert sorted(filled) == sorted(INDICATED.get(table, ()))
    assert not [name for name in CHOICES[table] if fields_of(table)[name].filled]


@pytest.mark.parametrize(("where", "example"), EXAMPLES, ids=[where for where, _ in EXAMPLES])
def test_every_example_is_right(where: str, example: str) -> None:
    whole = example if example.startswith("name:") else f"name: shop\ntables:\n{example}"
    values = yaml.safe_load(example)
    if set(values) <= set(Config.model_fields):
        assert checked(Config, values, where=where)
        return
    described = yaml.safe_load(whole)
    # Parts of a file stand for themselves: what else a data set needs is not in them.
    described["tables"] = {**BESIDES, **described["tables"]}
    assert checked(Source, with_presets(described, where), where=where).name


@pytest.mark.parametrize("path", sorted((ROOT / "sources").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sources_of_the_project_are_right(path: Path) -> None:
    assert Source.load(path).name == path.stem
    configuration(path)
