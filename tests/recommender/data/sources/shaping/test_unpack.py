"""Names and values in one cell."""

import json
from typing import Any

import numpy as np
import pytest

from infrastructure.errors import ConfigError
from recommender.data.parsing.cell_texts import UNREADABLE
from tests.support.shaped_tables import shaped

PARAMETERS = [
    {"key": "page", "value": {"string_value": "/serum", "int_value": None}},
    {"key": "session", "value": {"string_value": None, "int_value": 77}},
    {"key": "empty", "value": None},
]
GA4 = {"column": "p", "key": "key", "value": ["value.string_value", "value.int_value"]}
MAGENTO = {"column": "a", "separator": ",", "equals": "="}


@pytest.mark.parametrize("cell", [PARAMETERS, json.dumps(PARAMETERS), np.array(PARAMETERS, dtype=object)])
def test_parameters_of_an_event_are_reached_by_their_names(cell: Any) -> None:
    found = shaped({"p": [cell, None, []]}, unpack=GA4, names=["p.page", "p.session", "p.empty"])
    assert [[*row.values()] for row in found] == [["/serum", 77, None], [None] * 3, [None] * 3]


def test_a_name_with_blanks_around_it_is_the_same_name() -> None:
    unpack = {"column": "answers", "key": "q", "value": "a"}
    cell = [{"q": "avoids ", "a": "parfum"}, {"q": "avoids", "a": "citral"}]
    assert shaped({"answers": [cell]}, unpack=unpack, names=["answers.avoids"]) == [
        {"answers.avoids": ["parfum", "citral"]}
    ]


def test_entries_are_exploded_before_their_parameters_are_unpacked() -> None:
    cell = [{"sku": "p1", "params": [{"key": "shade", "value": "rose"}]}, {"sku": "p2", "params": []}]
    unpack = {"column": "items.params", "key": "key", "value": "value"}
    names = ["items.sku", "items.params.shade"]
    found = shaped({"items": [cell]}, explode={"column": "items"}, unpack=unpack, names=names)
    assert [[*row.values()] for row in found] == [["p1", "rose"], ["p2", None]]


def test_attributes_in_a_text_are_reached_by_their_names() -> None:
    cells = {"a": ["brand=Lumi, skin = dry,oily,note=a=b", "", None]}
    found = shaped(cells, unpack=MAGENTO, names=["a.brand", "a.skin", "a.note", "a.none"])
    assert [*found[0].values()] == ["Lumi", " dry,oily", "a=b", None]
    assert [*found[1].values(), *found[2].values()] == [None] * 8


def test_a_name_with_several_values_has_a_list_of_them() -> None:
    how = {"column": "p", "key": "k", "value": "v"}
    cell = [{"k": "inci", "v": "Aqua"}, {"k": "inci", "v": "Linalool"}, {"k": "n", "v": 1}, {"k": "n", "v": 1}]
    assert [*shaped({"p": [cell]}, unpack=how, names=["p.inci", "p.n"])[0].values()] == [["Aqua", "Linalool"], 1]
    found = shaped({"a": ["inci=Aqua,inci=Linalool,n=1"]}, unpack=MAGENTO, names=["a.inci", "a.n"])
    assert [*found[0].values()] == [["Aqua", "Linalool"], "1"]


@pytest.mark.parametrize(("how", "cell"), [(GA4, "{"), (GA4, [1, 2]), (MAGENTO | {"column": "p"}, "no pairs")])
def test_what_has_no_names_is_unreadable(how: Any, cell: Any) -> None:
    assert UNREADABLE in shaped({"p": [cell]}, unpack=how, names=["p.page"])[0]["p.page"]


@pytest.mark.parametrize("how", [{"key": "key"}, {"separator": ","}, GA4 | {"equals": "="}, {}])
def test_half_a_description_is_refused(how: Any) -> None:
    with pytest.raises(ConfigError, match="give 'key' and 'value' of a list's objects, or 'separator' and 'equals'"):
        shaped({"p": [1]}, unpack={"column": "p", **how})
