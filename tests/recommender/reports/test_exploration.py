"""The exploration report: it renders whatever is there, and says what is in the data."""

import itertools

import numpy as np
import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract import fields as contract
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.knowledge.knowledge import Knowledge
from recommender.reports import plots
from recommender.reports.exploration.avoided import avoided_section
from recommender.reports.exploration.histories import waiting_days
from recommender.reports.exploration.ingredients import ingredients_section
from recommender.reports.exploration.missing import missing_shares
from recommender.reports.exploration.people import people_section, with_age_group
from recommender.reports.exploration.popularity import head_share
from recommender.reports.exploration.seasons import season_index, whole_months
from recommender.reports.explore import write_exploration

HOSTILE = "<img src=https://evil.example/x>"
NO_QUARANTINE = pd.DataFrame({name: pd.Series(dtype=object) for name in (c.TABLE, c.RULE, c.REASON, c.CONTENT)})


def times(*days: str) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days), utc=True, format="ISO8601")).astype("datetime64[us, UTC]")


def shop(customers: int = 80) -> dict[str, pd.DataFrame]:
    """Small tables with every column; customers alternate between two skin types with a concern each."""
    ids = [f"c{n}" for n in range(customers)]
    skins = ["dry" if n % 2 else "oily" for n in range(customers)]
    bought = pd.DataFrame({c.CUSTOMER_ID: np.repeat(ids, 3), c.PRODUCT_ID: ["p0", "p1", "p2"] * customers})
    return {
        c.CUSTOMERS: pd.DataFrame(
            {
                c.CUSTOMER_ID: ids,
                c.BIRTH_YEAR: pd.array([1980 + n % 25 for n in range(customers)], dtype="Int64"),
                c.REGION: ["north", "south"] * (customers // 2),
                c.SKIN_TYPE: skins,
                c.CONCERNS: [["dryness"] if skin == "dry" else ["acne", "oiliness"] for skin in skins],
                c.AVOIDED_INGREDIENTS: [[]] * customers,
                c.SIGNUP_TIME: times(*["2023-01-01"] * customers),
            }
        ),
        c.PRODUCTS: pd.DataFrame(
            {
                c.PRODUCT_ID: ["p0", "p1", "p2", "p3"],
                c.NAME: ["Cream", "Serum", HOSTILE, "Toner"],
                c.FAMILY_ID: ["f0", "f0", HOSTILE, None],
                c.BRAND: [HOSTILE, "B", "B", None],
                c.CATEGORY: ["Skin > Face > Cream", "Skin > Face > Serum", "Hair", None],
                c.DESCRIPTION: ["A cream.", HOSTILE, "", None],
                c.FUNCTIONS: [["moisturising"], [], [], []],
                c.INGREDIENTS: [["Aqua", "Glycerin"], ["aqua", HOSTILE], [], []],
                c.PRICE: [5.0, 20.0, np.nan, 80.0],
                c.STOCK: pd.array([1, 0, None, 3], dtype="Int64"),
                c.LAUNCHED: times(*["2022-01-01"] * 4),
                c.RATING_MEAN: [4.0, np.nan, 3.0, 2.0],
                c.RATING_COUNT: pd.array([10, None, 3, 4], dtype="Int64"),
                c.LOVES: pd.array([1, 2, 3, None], dtype="Int64"),
            }
        ),
        c.TRANSACTIONS: bought.assign(
            transaction_id=[f"t{n}" for n in range(len(bought))],
            quantity=1,
            unit_price=3.0,
            time=times(*["2023-01-05", "2023-01-05", "2023-03-10"] * customers),
            position=[0, 1, 0] * customers,
        ),
        c.RATINGS: bought.assign(rating=[5.0, 4.0, 1.0] * customers, time=times(*["2023-04-01"] * len(bought))),
        c.EVENTS: bought.head(6).assign(
            event_id=list("abcdef"),
            session_id=None,
            type=[event_types.PURCHASE, "view"] * 3,
            query=None,
            value=np.nan,
            request_id=None,
            time=times(*["2023-05-01"] * 6),
        ),
    }


def written(tables: Tables, tmp_path, quarantine: pd.DataFrame = NO_QUARANTINE) -> tuple[dict[str, float], str]:
    target = tmp_path / "exploration.html"
    figures = write_exploration(tables, quarantine, target)
    return figures, target.read_text(encoding="utf-8")


def subsets():
    """Every set of tables that keeps the contract."""
    behaviour = [
        set(found) for n in (1, 2, 3) for found in itertools.combinations((c.TRANSACTIONS, c.RATINGS, c.EVENTS), n)
    ]
    return [{c.PRODUCTS, *found, *more} for found in behaviour for more in ((), (c.CUSTOMERS,))]


@pytest.mark.parametrize("names", subsets(), ids=lambda names: "+".join(sorted(names)))
def test_renders_every_set_of_tables(names, tmp_path):
    figures, html = written(Tables(**{name: table for name, table in shop().items() if name in names}), tmp_path)
    assert figures["products"] == 4
    assert "The long tail" in html
    assert ("Customers and their concerns" in html) == (c.CUSTOMERS in names)
    assert ("mean_rating" in figures) == (c.RATINGS in names)


OPTIONAL = [
    (table, f.name)
    for table in c.TABLES
    for f in contract.CONTRACT[table]
    if not f.filled and f.name not in contract.RAW_ONLY
]


@pytest.mark.parametrize(("table", "column"), OPTIONAL, ids=[f"{table}.{column}" for table, column in OPTIONAL])
def test_renders_without_any_optional_column(table, column, tmp_path, monkeypatch):
    monkeypatch.setattr(plots, "_drawn", lambda *_, **__: "<svg></svg>")  # drawing takes most of the time
    tables = shop()
    tables[table] = tables[table].drop(columns=column)
    figures, _ = written(Tables(**tables), tmp_path)
    assert figures["customers"] == 80


def test_renders_optional_columns_without_a_value(tmp_path):
    tables = shop()
    for table, column in OPTIONAL:
        kind = tables[table][column].dtype
        nothing = pd.Series([None] * len(tables[table]), index=tables[table].index)
        tables[table] = tables[table].assign(**{column: nothing.astype(kind)})
    figures, _ = written(Tables(**tables), tmp_path)
    assert figures["customers"] == 80


def test_renders_with_required_columns_only(tmp_path):
    required = {name: table[[f.name for f in contract.CONTRACT[name] if f.filled]] for name, table in shop().items()}
    _, html = written(Tables(**required), tmp_path)
    assert "does not give birth_year, region, skin_type, concerns" in html


def test_renders_one_customer_with_one_interaction(tmp_path):
    tables = shop()
    one = Tables(products=tables[c.PRODUCTS].head(1), transactions=tables[c.TRANSACTIONS].head(1))
    figures, _ = written(one, tmp_path)
    assert figures["density"] == 1.0
    assert figures["gini"] == 0.0


def test_renders_without_interactions(tmp_path):
    tables = shop()
    views = tables[c.EVENTS].query("type == 'view'")
    figures, html = written(Tables(products=tables[c.PRODUCTS], events=views), tmp_path)
    assert figures["interactions"] == 0
    assert "gini" not in figures
    assert "No interaction has a date" in html


def test_same_input_same_bytes_and_self_contained(tmp_path):
    tables = Tables(**shop())
    first = written(tables, tmp_path)[1]
    assert first == written(tables, tmp_path)[1]
    assert "://" not in first.replace("https://evil.example/x", "")
    assert HOSTILE not in first
    assert "&lt;img src" in first


def test_figures_agree_with_the_data(tmp_path):
    tables = Tables(**{name: table for name, table in shop().items() if name != c.EVENTS})
    figures, html = written(tables, tmp_path)
    assert figures["interactions"] == 240
    assert figures["density"] == pytest.approx(240 / (80 * 4))
    assert figures["mean_rating"] == pytest.approx(10 / 3)
    assert figures["median_days_between"] == 64
    assert figures["unused_products"] == 1
    assert figures["gini"] == pytest.approx(0.25)
    assert "They run from 2023-01-05 to 2023-03-10." in html
    assert "50.0% of all follow-on interactions fall on the same day" in html
    assert "2 of 4 products give their ingredients" in html


def test_quarantine_is_counted_by_rule_with_an_example(tmp_path):
    rejected = pd.DataFrame(
        {
            c.SOURCE: "s",
            c.TABLE: [c.TRANSACTIONS, c.TRANSACTIONS, c.RATINGS],
            c.ROW: [1, 2, 3],
            c.RULE: ["negative price", "negative price", "no such product"],
            c.REASON: ["price -3 is below 0", "price -4 is below 0", f"{HOSTILE} is not a product"],
            c.CONTENT: ['{"price": -3}', '{"price": -4}', "{}"],
        }
    )
    figures, html = written(Tables(**shop()), tmp_path, rejected)
    assert figures["quarantined"] == 3
    assert "“negative price” in transactions rejected the most rows: 2" in html
    assert "price -3 is below 0" in html
    assert "price -4 is below 0" not in html
    assert HOSTILE not in html


def test_head_share_by_hand():
    assert head_share(np.arange(1, 11), 0.1) == pytest.approx(10 / 55)


def test_days_between_counts_days_not_purchases():
    uses = pd.DataFrame(
        {
            c.CUSTOMER_ID: ["a", "a", "a", "b", "b"],
            c.TIME: times("2023-01-01T23:00", "2023-01-02T01:00", "2023-01-02T09:00", "2023-01-01", "2023-01-31"),
        }
    )
    assert sorted(waiting_days(uses)) == [1, 30]


def test_an_incomplete_last_month_is_left_out():
    uses = pd.DataFrame({c.TIME: times("2023-01-05", "2023-03-31", "2023-04-02")})
    assert whole_months(uses).tolist() == [1, 0, 1]


def test_growth_is_no_season_and_a_season_is():
    months = pd.date_range("2018-01-01", "2022-12-01", freq="MS")
    growing = pd.Series(np.arange(100.0, 100 + len(months)), index=months)
    assert season_index(growing).to_numpy() == pytest.approx(np.ones(12), abs=0.01)
    with_peak = growing.where(months.month != 12, 2 * growing)
    assert season_index(with_peak).idxmax() == 12
    assert season_index(growing.head(18)) is None


def test_missing_counts_empty_lists():
    table = pd.DataFrame({"a": [[], ["x"], None, ["y"]], "b": [1, 2, 3, np.nan], "c": "full"})
    assert missing_shares(table).to_dict() == {"a": 0.5, "b": 0.25, "c": 0.0}


def test_concerns_by_skin_type_are_shares_of_those_who_declare():
    table = next(b for b in people_section(Tables(**shop()), 2023).blocks if b.title == "Concerns by skin type")
    assert table.heads == ("skin type", "customers", "acne", "oiliness", "dryness")
    assert table.rows == (("dry", "40", "0%", "0%", "100%"), ("oily", "40", "100%", "100%", "0%"))


def test_ingredients_are_counted_by_product_under_one_name():
    products = pd.DataFrame(
        {
            c.PRODUCT_ID: ["a", "b", "c"],
            c.INGREDIENTS: [["Aqua", "Water (Aqua)", "Niacinamide"], ["WATER", "Nonsensium"], []],
        }
    )
    section = ingredients_section(Tables(products=products), Knowledge.load())
    frequent = {bar.label: bar.figure for bar in section.blocks[1].bars}
    assert frequent["water"] == "100%"
    assert frequent["niacinamide"] == "50.0%"
    assert section.figures == {"known_ingredients": 0.8}
    assert ingredients_section(Tables(products=products.tail(1)), Knowledge.load()) is None


def test_few_customers_are_not_compared():
    titles = [b.title for b in people_section(Tables(**shop(20)), 2023).blocks]
    assert "Concerns declared" in titles
    assert "Concerns by skin type" not in titles


def test_ages_need_a_date():
    customers = pd.DataFrame({c.BIRTH_YEAR: pd.array([1980, 1999, None], dtype="Int64")})
    assert with_age_group(customers, 2023)["age"].tolist()[:2] == ["40–49", "20–29"]
    assert with_age_group(customers, None)["age"].tolist()[:2] == ["born 1980s", "born 1990s"]
    assert with_age_group(customers, 2023)["age"].isna().tolist() == [False, False, True]


def test_tables_read_back_from_parquet_give_the_same_page(tmp_path):
    tables = Tables(**shop())
    tables.write(tmp_path / "tables")
    assert written(Tables.read(tmp_path / "tables"), tmp_path) == written(tables, tmp_path)


def test_figures_count_interactions_as_everywhere(tmp_path):
    tables = Tables(**shop())
    assert written(tables, tmp_path)[0]["interactions"] == len(interactions(tables))


def avoiding(*lists):
    customers = pd.DataFrame({c.CUSTOMER_ID: [f"c{n}" for n in range(len(lists))], c.AVOIDED_INGREDIENTS: lists})
    products = pd.DataFrame({c.PRODUCT_ID: ["p0"], c.INGREDIENTS: [["bergamot fruit peel", "aqua"]]})
    return Tables(products=products, customers=customers)


def test_words_of_several_customers_that_nothing_knows_are_listed_and_those_of_one_only_counted():
    words = [["nuts", "Zyxolide"], ["zyxolide"], ["zyxolide, parabens"], ["my secret"], ["bergamot peel"], [], None]
    section = avoided_section(avoiding(*words), Knowledge.load())
    texts, table = section.blocks
    assert texts.paragraphs[0].startswith("5 customers")
    assert texts.paragraphs[1].startswith("4 customers use words")
    assert table.rows == (("zyxolide", "3", ""),)
    assert section.figures == {"customers_not_understood": 4}


def test_where_all_words_are_known_or_printed_there_is_nothing_to_list():
    section = avoided_section(avoiding(["nuts", "none"], ["bergamot peel"]), Knowledge.load())
    assert section.blocks[0].paragraphs[1].startswith("Every word of theirs is known")
    assert section.figures == {"customers_not_understood": 0}
    assert avoided_section(avoiding([], None), Knowledge.load()) is None


def test_what_a_frequent_unknown_word_may_mean_is_offered():
    section = avoided_section(avoiding(*[["lanolnn"]] * 3), Knowledge.load())
    assert section.blocks[1].rows == (("lanolnn", "3", "lanolin"),)
