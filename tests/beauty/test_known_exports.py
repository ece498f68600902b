"""From a known export to recommendations, by the two commands that a person types and nothing else."""

from collections.abc import Iterator

import pandas as pd
import pytest

from tests.support.command_line import beauty
from tests.support.exports.registry import EXPORTS, write_export
from tests.support.exports.shopping import Shop


def families(name: str, shop: Shop) -> dict[str, int]:
    return {EXPORTS[name].product(product): product.family for product in shop.products}


def customers(name: str, shop: Shop) -> Iterator[str]:
    """Who bought or rated something."""
    export = EXPORTS[name]
    for order in shop.known_orders:
        rated = any(line.rating for line in order.lines)
        if order.customer and not order.cancelled and (rated or name == "shopify"):
            yield export.customer(order.customer)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shopify", "amazon-reviews-2023"])
def test_an_export_becomes_recommendations(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shop, source = write_export(name, tmp_path, customers=30)
    source.unlink()

    assert beauty("init", tmp_path, "--yes").exit_code == 0
    assert beauty("recommend", "--source", source, "--out", "recs.csv", "--k", "5").exit_code == 0

    found = pd.read_csv("recs.csv", dtype=str)
    assert {*customers(name, shop)} <= {*found["customer_id"]}
    assert found["product_name"].notna().all()
    assert found["reasons"].notna().all()
    assert found.groupby("customer_id").size().min() == 5
    assert (
        not found.assign(family=found["product_id"].map(families(name, shop)))
        .duplicated(["customer_id", "family"])
        .any()
    )
    assert not found.duplicated(["customer_id", "product_name"]).any()
