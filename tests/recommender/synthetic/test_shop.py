"""The synthetic shop's raw tables: reproducible, of the contract, and dirty where the ledger says so."""

import hashlib
import json
from datetime import date

import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.synthetic.settings import DirtSettings, SimulatedDriftSettings, SyntheticSettings
from recommender.synthetic.shop import DEFECT, OUTCOME, clean_tables, generate, planted_defects
from recommender.synthetic.tables.dirt import DEFECTS, KEEP, MISSPELLED_SKIN_TYPES, UNREADABLE_TIMES

SMALL = SyntheticSettings(customers=300, products=150, days=300, dirt=DirtSettings(misspelled_skin_types=0.02, bots=1))


@pytest.fixture(scope="module")
def raw() -> dict[str, pd.DataFrame]:
    return generate(SMALL)


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return planted_defects(SMALL)


@pytest.fixture(scope="module")
def clean() -> dict[str, pd.DataFrame]:
    return clean_tables(SMALL)


def digest(tables: dict[str, pd.DataFrame]) -> str:
    texts = [f"{name}{table.to_json(orient='split')}" for name, table in tables.items()]
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def test_same_settings_give_the_same_bytes(raw):
    assert digest(generate(SMALL)) == digest(raw)


def test_another_seed_gives_another_shop(raw):
    assert digest(generate(SMALL.model_copy(update={"seed": 1}))) != digest(raw)


def test_more_products_do_not_reshuffle_the_customers(clean):
    larger = clean_tables(SMALL.model_copy(update={"products": 170}))
    pd.testing.assert_frame_equal(larger[c.CUSTOMERS], clean[c.CUSTOMERS])


def test_more_customers_keep_the_first_ones_and_the_catalogue(clean):
    larger = clean_tables(SMALL.model_copy(update={"customers": 320}))
    pd.testing.assert_frame_equal(larger[c.CUSTOMERS].head(300), clean[c.CUSTOMERS])
    pd.testing.assert_frame_equal(larger[c.PRODUCTS], clean[c.PRODUCTS])


def test_every_table_of_the_contract_is_there(raw):
    assert tuple(raw) == c.TABLES
    assert all(len(table) for table in raw.values())


@pytest.mark.parametrize(("customers", "products", "days"), [(1, 1, 1), (3, 2, 40)])
def test_tiny_shops_are_possible(customers, products, days):
    tiny = generate(SyntheticSettings(customers=customers, products=products, days=days))
    assert len(tiny[c.PRODUCTS]) == products
    assert len(tiny[c.CUSTOMERS]) == customers


def test_clean_tables_keep_their_references_and_dates(clean):
    products, customers = set(clean[c.PRODUCTS][c.PRODUCT_ID]), set(clean[c.CUSTOMERS][c.CUSTOMER_ID])
    for name in (c.TRANSACTIONS, c.RATINGS, c.EVENTS):
        table = clean[name]
        assert set(table[c.PRODUCT_ID].dropna()) <= products
        assert set(table[c.CUSTOMER_ID]) <= customers
        times = pd.to_datetime(table[c.TIME], utc=True, format="ISO8601")
        assert times.is_monotonic_increasing
        assert times.max().date() <= SMALL.end


def test_nothing_is_bought_before_it_is_launched_or_the_customer_has_signed_up(clean):
    bought = clean[c.TRANSACTIONS].merge(clean[c.PRODUCTS], on=c.PRODUCT_ID).merge(clean[c.CUSTOMERS], on=c.CUSTOMER_ID)
    assert (bought[c.TIME].str[:10] >= bought[c.LAUNCHED]).all()
    assert (bought[c.TIME].str[:10] >= bought[c.SIGNUP_TIME]).all()


def test_some_products_are_new_and_unsold(clean):
    unsold = ~clean[c.PRODUCTS][c.PRODUCT_ID].isin(clean[c.TRANSACTIONS][c.PRODUCT_ID])
    assert 0 < unsold.mean() < 0.4


def test_names_are_parts_and_sizes_share_their_ingredients(clean):
    products = clean[c.PRODUCTS]
    assert products[c.NAME].str.split().str.len().ge(3).all()
    assert all(row[c.NAME].startswith(row[c.BRAND]) for _, row in products.iterrows())
    known = products.dropna(subset=[c.INGREDIENTS])
    assert known[c.INGREDIENTS].map(lambda label: len(label) == len(set(label))).all()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_each_defect_is_planted_in_its_declared_share(raw, ledger, defect):
    for table in defect.tables:
        rows = (ledger[c.TABLE] == table) & (ledger[DEFECT] == defect.name)
        share = getattr(SMALL.dirt, defect.name)
        assert rows.sum() == pytest.approx(share * len(raw[table]), abs=max(1.5, 0.05 * share * len(raw[table])))


def test_all_dirt_together_is_small(raw, ledger):
    assert 0.005 < len(ledger[ledger[DEFECT] != "bots"]) / sum(map(len, raw.values())) < 0.03


def spoiled(raw: dict[str, pd.DataFrame], ledger: pd.DataFrame, table: str, defect: str) -> pd.DataFrame:
    rows = ledger[(ledger[c.TABLE] == table) & (ledger[DEFECT] == defect)][c.ROW]
    return raw[table].iloc[rows]


def test_the_ledger_points_at_the_spoiled_rows(raw, ledger):
    assert set(spoiled(raw, ledger, c.EVENTS, "bad_times")[c.TIME]) <= set(UNREADABLE_TIMES)
    assert (spoiled(raw, ledger, c.TRANSACTIONS, "future_times")[c.TIME] > "2090").all()
    assert (spoiled(raw, ledger, c.TRANSACTIONS, "negative_prices")[c.UNIT_PRICE] < 0).all()
    assert not spoiled(raw, ledger, c.TRANSACTIONS, "bad_quantities")[c.QUANTITY].between(1, 1000).any()
    back = spoiled(raw, ledger, c.TRANSACTIONS, "returns")
    assert (back.groupby([c.CUSTOMER_ID, c.PRODUCT_ID])[c.QUANTITY].sum() == 0).all()
    assert not spoiled(raw, ledger, c.RATINGS, "bad_ratings")[c.RATING].between(1, 5).any()
    assert set(spoiled(raw, ledger, c.CUSTOMERS, "misspelled_skin_types")[c.SKIN_TYPE]) <= set(MISSPELLED_SKIN_TYPES)
    assert not set(spoiled(raw, ledger, c.TRANSACTIONS, "unknown_products")[c.PRODUCT_ID]) & set(
        raw[c.PRODUCTS][c.PRODUCT_ID]
    )


def test_rows_without_a_planted_defect_are_those_of_the_clean_shop(raw, ledger, clean):
    for name, table in raw.items():
        wrong = ledger[(ledger[c.TABLE] == name) & (ledger[OUTCOME] != KEEP)][c.ROW]
        good = {json.dumps(row, default=str) for row in table.drop(index=wrong).to_dict("records")}
        true = {json.dumps(row, default=str) for row in clean[name].to_dict("records")}
        moved = ledger[(ledger[c.TABLE] == name) & (ledger[DEFECT] == "offset_times")]
        assert len(good - true) <= len(moved)


def test_duplicates_repeat_an_earlier_row(raw, ledger):
    for name, table in raw.items():
        texts = table.map(str).agg("|".join, axis=1)
        rows = ledger[(ledger[c.TABLE] == name) & (ledger[DEFECT] == "duplicates")][c.ROW]
        assert all((texts.iloc[:row] == texts.iloc[row]).any() for row in rows)


def test_bots_do_hundreds_of_things_in_a_day_and_people_do_not(raw, ledger):
    readable = raw[c.EVENTS][raw[c.EVENTS][c.TIME].str.startswith("20")]
    a_day = readable.groupby([c.CUSTOMER_ID, readable[c.TIME].str[:10]]).size()
    bots = spoiled(raw, ledger, c.EVENTS, "bots")[c.CUSTOMER_ID].unique()
    assert len(bots) == 1
    assert a_day[bots].max() > 300
    assert a_day.drop(bots, level=0).drop("guest", level=0, errors="ignore").max() < 100


def test_settings_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match="costumers"):
        SyntheticSettings.model_validate({"costumers": 10})


DRIFT = SimulatedDriftSettings(at=date(2025, 3, 1))


def _behaviour(table: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Rows between two times, less their numbers and dismissals (only what is never bought later is dismissed)."""
    rows = table[(table[c.TIME] >= start) & (table[c.TIME] < end)]
    rows = rows[rows[c.TYPE] != event_types.DISMISS] if c.TYPE in rows else rows
    return rows.drop(columns=[c.EVENT_ID, c.TRANSACTION_ID], errors="ignore").reset_index(drop=True)


def test_drift_changes_everything_after_its_date_and_nothing_before(clean):
    drifted = clean_tables(SMALL.model_copy(update={"drift": DRIFT}))
    for name in (c.TRANSACTIONS, c.RATINGS, c.EVENTS):
        before, still = (_behaviour(tables[name], "0", "2025-03") for tables in (clean, drifted))
        pd.testing.assert_frame_equal(before, still)
        after, moved = (_behaviour(tables[name], "2025-03", "9") for tables in (clean, drifted))
        assert not after.equals(moved)


def test_drift_raises_prices_and_shifts_categories(clean):
    drifted = clean_tables(SMALL.model_copy(update={"drift": SimulatedDriftSettings(at=DRIFT.at, strength=1.5)}))
    shares, prices = [], []
    for tables in (clean, drifted):
        late = tables[c.TRANSACTIONS][tables[c.TRANSACTIONS][c.TIME] >= "2025-03"]
        late = late.merge(tables[c.PRODUCTS], on=c.PRODUCT_ID)
        shares.append(late[c.CATEGORY].str.contains("Serums").mean())
        prices.append(tables[c.PRODUCTS][c.PRICE].sum())
    assert prices[1] / prices[0] == pytest.approx(1 + 1.5 * 0.15, rel=0.01)
    assert shares[1] > 1.5 * shares[0]
