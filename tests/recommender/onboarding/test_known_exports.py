"""Each preset's made-up export through ``beauty init --yes`` alone: what is read is what the preset says."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.sources.ingest import ingest
from recommender.data.sources.presets import load_preset
from recommender.onboarding import onboard
from recommender.onboarding.preview import preview
from recommender.onboarding.proposal import Proposal
from tests.support.exports.registry import EXPORTS, write_export
from tests.support.exports.shopping import Shop

ORDERS_ALONE = {"shopify-orders": "products_export*", "woocommerce-orders": "wc-product*"}
"""What is taken away for an export to hold orders alone."""
ORDINARY = (c.CUSTOMER_ID, c.PRODUCT_ID, c.NAME, c.TRANSACTION_ID, c.QUANTITY)
"""What is also found where no preset describes a table."""


def as_text(rows: pd.DataFrame, columns: list[str]) -> list[str]:
    return sorted(map(str, rows[columns].to_numpy(dtype=object).tolist()))


def bought(name: str, shop: Shop) -> int:
    """Lines of orders that came about; the made-up shop has one that came back whole and two of a guest."""
    lines = sum(len(order.lines) for order in shop.known_orders if not order.cancelled)
    return lines - 1 + 2 if name.startswith(("shopify", "woocommerce", "magento")) else lines


def started(folder: Path) -> tuple[Path, Proposal]:
    """The source file that ``init --yes`` writes for a folder."""
    target = folder / "found.yaml"
    proposal = onboard.begin([str(folder)], target)
    onboard.write(proposal, target, [str(folder)])
    return target, proposal


def read(source: Path) -> Prepared:
    return prepare(ingest(source), RecommenderConfig())


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_needs_no_hand(name: str, tmp_path: Path) -> None:
    shop, by_hand = write_export(name, tmp_path)
    for path in tmp_path.glob(ORDERS_ALONE.get(name, "nothing")):
        path.unlink()

    source, proposal = started(tmp_path)

    tables = yaml.safe_load(source.read_text(encoding="utf-8"))["tables"]
    assert not proposal.lacks
    assert not any("already" in why or "says more" in why for why in proposal.unused.values())
    known = {table: keys for table, keys in tables.items() if table in EXPORTS[name].tables}
    assert {table: keys["like"] for table, keys in known.items()} == EXPORTS[name].tables
    assert all({*keys} <= {"like", "file", "delimiter"} for keys in known.values())
    found, wanted = ingest(source).tables, ingest(by_hand).tables
    assert found.keys() == wanted.keys()
    for table, rows in wanted.items():
        columns = [str(column) for column in rows if table in known or column in ORDINARY]
        assert as_text(found[table], columns) == as_text(rows, columns)
    told = preview(source, RecommenderConfig())
    assert not told.fault
    assert told.counts is not None
    if c.TRANSACTIONS in found:
        assert told.counts[c.TRANSACTIONS]["kept"] == bought(name, shop)


def test_a_catalogue_alone_lacks_who_bought_what(tmp_path: Path) -> None:
    write_export("open-beauty-facts", tmp_path)
    (tmp_path / "receipts.csv").unlink()

    source, proposal = started(tmp_path)

    (lack,) = proposal.lacks
    assert lack.what == "transactions, ratings or events"
    assert "customer and a product" in lack.why
    assert "'transactions:'" in lack.mend
    assert "like: open-beauty-facts" in source.read_text(encoding="utf-8")


def test_only_the_products_of_a_shop_lack_its_orders(tmp_path: Path) -> None:
    write_export("shopify", tmp_path)
    (tmp_path / "orders_export_1.csv").unlink()

    _, proposal = started(tmp_path)

    assert [lack.what for lack in proposal.lacks] == ["transactions, ratings or events"]
    assert [(one.table, one.like) for one in proposal.tables] == [(c.PRODUCTS, "shopify-products")]


def test_files_are_renamed_have_further_columns_and_lie_among_others(tmp_path: Path) -> None:
    write_export("shopify", tmp_path)
    wanted = read(tmp_path / "source.yaml").counts
    (tmp_path / "products_export_1.csv").rename(tmp_path / "waren.csv")
    lines = (tmp_path / "orders_export_1.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "orders_export_1.csv").unlink()
    further = "\n".join([f"{lines[0]},Gift note", *(f"{line}," for line in lines[1:])])
    (tmp_path / "verkauf.csv").write_text(f"{further}\n", encoding="utf-8")
    (tmp_path / "staff.csv").write_text("desk,phone\n1,22\n2,23\n", encoding="utf-8")
    (tmp_path / "readme.txt").write_text("Exported on Monday.\n", encoding="utf-8")

    source, proposal = started(tmp_path)

    assert {one.table: one.like for one in proposal.tables} == EXPORTS["shopify"].tables
    assert "staff.csv" in proposal.unused
    assert read(source).counts == wanted


def test_what_only_resembles_a_known_export_is_not_taken_for_it(tmp_path: Path) -> None:
    write_export("rees46-events", tmp_path)
    marks = load_preset("rees46-events").recognised_by[c.EVENTS]
    for path in tmp_path.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(marks[0], "when_it_was", 1), encoding="utf-8")

    source, proposal = started(tmp_path)

    assert not any(one.like for one in proposal.tables)
    assert "like:" not in source.read_text(encoding="utf-8")
    assert c.EVENTS in {one.table for one in proposal.tables}
    assert not proposal.lacks
