"""The user test, from two fitted models to the report: what raters see, what is taken in, what is said of it."""

import csv
import io
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from experiments.survey import report
from experiments.survey.best_sellers import best_sellers
from experiments.survey.cases import draw_survey
from experiments.survey.conduct import hand_out_survey, report_survey
from experiments.survey.ratings import merge_ratings, read_ratings
from experiments.survey.sheet import COLUMNS, rater_page, rating_sheet
from feedback.customer_facts import CustomerFacts
from infrastructure.errors import DataError
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from privacy.erasure import erase_customer
from recommender.contract.query import customer_hash
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from recommender.training.bundles import fit_on_everything
from settings.config import Config
from settings.experiment import SurveySettings

CASES = 24


def config_of(**popularity):
    values = {
        "model": {
            "ranker": {"trees": 5, "minimum_leaf": 5, "minimum_groups": 20},
            "network": {"enabled": False},
            "groups": {"minimum": 10},
        },
        "survey": {"customers": CASES, "k": 4, "minimum_customers": 20},
        **popularity,
    }
    return Config.parse(values, where="test")


CONFIG = config_of()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A workspace with a champion and a challenger, both fitted on a small synthetic shop."""
    workspace = Workspace(tmp_path_factory.mktemp("shop"))
    settings = SyntheticSettings(customers=200, products=120, days=250)
    tables = prepare(RawTables("tiny", clean_tables(settings)), CONFIG).tables
    tables.write(workspace.tables)
    for version, config in (("one", CONFIG), ("two", config_of(seed=7))):
        fit_on_everything(tables, config, workspace.bundle(version))
    workspace.promote({"version": "one", "bundle": "bundles/one", "promoted_at": "2025-06-15T10:00:00+00:00"})
    write_json(workspace.challenger_file, {"version": "two", "bundle": "bundles/two"})
    return workspace, tables


@pytest.fixture(scope="module")
def found(shop):
    workspace, tables = shop
    models = [Engine.load(workspace.bundle(version)) for version in ("one", "two")]
    return draw_survey(tables, *models, CONFIG)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def filled(path, rows, delimiter=",", **changes):
    """The sheet with ratings in it: every case the same, but for what ``changes`` says by case."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    usual = {"rating_a": "4", "rating_b": "2", "preference": "A", "rater": "r1"}
    for row in rows:
        writer.writerow({**row, **usual, **changes.get(f"case{row['case']}", {})})
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def test_the_same_seed_makes_the_same_survey_and_another_draws_anew(shop, found):
    workspace, tables = shop
    models = [Engine.load(workspace.bundle(version)) for version in ("one", "two")]
    again = draw_survey(tables, *models, CONFIG)
    assert again == found
    other = draw_survey(tables, *models, CONFIG.model_copy(update={"seed": 1}))
    assert other.id != found.id
    assert {case.query.customer_id for case in other.cases} != {case.query.customer_id for case in found.cases}
    assert len(found.cases) == CASES


def test_each_list_is_what_its_model_recommends_and_the_sides_are_shuffled(shop, found):
    workspace, _ = shop
    engines = {"champion": Engine.load(workspace.bundle("one")), "challenger": Engine.load(workspace.bundle("two"))}
    for case in found.cases:
        for model, items in zip(case.models, case.lists, strict=True):
            assert engines[model].recommend([case.query])[0].items == items
    first = [case.models[0] for case in found.cases]
    assert 4 <= first.count("champion") <= CASES - 4


def test_one_model_is_no_survey(shop):
    workspace, tables = shop
    engine = Engine.load(workspace.bundle("one"))
    with pytest.raises(DataError, match="two models"):
        draw_survey(tables, engine, engine, CONFIG)


def test_what_raters_see_names_neither_customers_nor_models(shop, found):
    _, tables = shop
    seen = rating_sheet(found, tables.products).decode("utf-8-sig") + rater_page(found, tables.products).html()
    for case in found.cases:
        assert not re.search(rf"\b{re.escape(case.query.customer_id)}\b", seen)
    for word in (found.champion, found.challenger, "champion", "challenger"):
        assert word not in seen


def test_the_sheet_shows_names_brands_prices_and_reasons(shop, found):
    _, tables = shop
    rows = rows_of(rating_sheet(found, tables.products).decode("utf-8-sig"))
    assert [row["case"] for row in rows] == [case.case for case in found.cases]
    products = tables.products.set_index("product_id")
    for row, case in zip(rows, found.cases, strict=True):
        for text, items in ((row["list_a"], case.lists[0]), (row["list_b"], case.lists[1])):
            for item in items:
                product = products.loc[item.product_id]
                assert product["name"] in text
                assert f"{product['price']:.2f}" in text or pd.isna(product["price"])
                assert all(reason.text in text for reason in item.reasons)
        assert row["rating_a"] == row["preference"] == row["rater"] == ""


def test_a_products_name_is_no_formula_to_a_spreadsheet(shop, found):
    _, tables = shop
    case = replace(
        found.cases[0], query=replace(found.cases[0].query, products=(), profile=type(found.cases[0].query.profile)())
    )
    evil = tables.products.assign(name="=HYPERLINK(1)")
    for row in rows_of(rating_sheet(replace(found, cases=(case,)), evil).decode("utf-8-sig")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_filled_sheet_is_taken_in(tmp_path, shop, found, delimiter):
    _, tables = shop
    rows = rows_of(rating_sheet(found, tables.products).decode("utf-8-sig"))
    cases = frozenset(case.case for case in found.cases)
    # A spreadsheet makes 1 of 001.
    back = [{**row, "case": row["case"].lstrip("0")} for row in rows]
    taken = read_ratings(filled(tmp_path / "f.csv", back, delimiter, case3={"preference": "NONE"}), found.id, cases)
    assert taken.rejected == ()
    assert len(taken.ratings) == CASES
    assert taken.ratings.set_index("case").loc["003", "preference"] == "none"
    assert taken.ratings.set_index("case").loc["001", "rating_a"] == 4


FAULTS = [
    ({"survey": "other"}, "survey", "other"),
    ({"case": "999"}, "case", "999"),
    ({"rating_a": "6"}, "rating_a", "6"),
    ({"rating_b": "good"}, "rating_b", "good"),
    ({"rating_b": ""}, "rating_b", ""),
    ({"preference": "C"}, "preference", "C"),
    ({"preference": ""}, "preference", ""),
    ({"rater": ""}, "rater", ""),
]


@pytest.mark.parametrize(("change", "field", "value"), FAULTS)
def test_a_bad_row_is_rejected_by_name_and_the_others_are_kept(tmp_path, shop, found, change, field, value):
    _, tables = shop
    rows = rows_of(rating_sheet(found, tables.products).decode("utf-8-sig"))
    cases = frozenset(case.case for case in found.cases)
    taken = read_ratings(filled(tmp_path / "f.csv", rows, case002=change), found.id, cases)
    (fault,) = taken.rejected
    assert (fault.row, fault.field, fault.value) == (3, field, value)
    assert fault.expected
    assert len(taken.ratings) == CASES - 1


def test_rows_that_nobody_filled_in_are_counted_and_are_no_fault(tmp_path, shop, found):
    _, tables = shop
    rows = rows_of(rating_sheet(found, tables.products).decode("utf-8-sig"))
    nothing = {"rating_a": "", "rating_b": "", "preference": "", "rater": ""}
    taken = read_ratings(
        filled(tmp_path / "f.csv", rows, case001=nothing), found.id, frozenset(r["case"] for r in rows)
    )
    assert (taken.empty, taken.rejected, len(taken.ratings)) == (1, (), CASES - 1)


def test_a_file_that_is_no_sheet_is_refused(tmp_path):
    (tmp_path / "f.csv").write_text("case,rating_a\n1,5\n")
    with pytest.raises(DataError, match="column"):
        read_ratings(tmp_path / "f.csv", "x", frozenset())
    with pytest.raises(DataError, match="cannot be read"):
        read_ratings(tmp_path / "none.csv", "x", frozenset())


def ratings(*rows):
    return pd.DataFrame(rows, columns=["case", "rater", "rating_a", "rating_b", "preference", "comment"])


def test_a_later_rating_takes_the_earlier_ones_place_and_the_same_changes_nothing():
    first = ratings(("001", "r1", 5, 1, "A", ""), ("002", "r1", 3, 3, "none", ""))
    assert merge_ratings(None, first).equals(first)
    assert merge_ratings(first, first).equals(first)
    changed = merge_ratings(first, ratings(("001", "r1", 2, 4, "B", ""), ("001", "r2", 1, 1, "none", "")))
    assert changed["rating_a"].tolist() == [2, 1, 3]


KEY = pd.DataFrame(
    {
        "case": ["001", "002", "003", "004"],
        "customer_id": ["ann", "ben", "cleo", "dan"],
        "skin_type": ["dry", "dry", "oily", None],
        "a": ["champion", "challenger", "champion", "challenger"],
        "champion": [["p1"], ["p1"], ["p2"], ["p2"]],
        "challenger": [["p2"], ["p2"], ["p2"], ["p1"]],
        "survey": "x",
        "champion_version": "one",
        "challenger_version": "two",
    }
)
WORDS = ratings(
    ("001", "r1", 2, 4, "B", ""),  # champion 2, challenger 4
    ("001", "r2", 3, 3, "none", ""),
    ("002", "r1", 5, 1, "A", ""),  # challenger 5, champion 1
    ("003", "r1", 4, 3, "A", ""),  # champion 4, challenger 3
    ("009", "r1", 5, 5, "A", ""),  # a customer who was forgotten
)


def test_the_figures_by_hand():
    rows = report.unblind(WORDS, KEY)
    assert rows["champion"].tolist() == [2, 3, 1, 4]
    assert rows["challenger"].tolist() == [4, 3, 5, 3]
    assert rows["preferred"].fillna("-").tolist() == ["challenger", "-", "challenger", "champion"]
    found = report.summarise_ratings(rows, SurveySettings())
    assert (found.customers, found.ratings, found.without) == (3, 4, 1)
    assert found.preference.value == pytest.approx(2 / 3)
    assert found.champion == pytest.approx((2.5 + 1 + 4) / 3)
    assert found.challenger == pytest.approx((3.5 + 5 + 3) / 3)
    by_case = np.array([1.0, 4.0, -1.0])
    half = 4.302653 * by_case.std(ddof=1) / np.sqrt(3)  # Student's t with two degrees of freedom
    assert found.difference.value == pytest.approx(4 / 3)
    assert found.difference.high - found.difference.value == pytest.approx(half, rel=1e-5)


def test_a_second_rater_of_the_same_customers_makes_no_interval_narrower():
    one = report.unblind(WORDS, KEY)
    two = pd.concat([one, one.assign(rater="again")])
    alone, both = (report.summarise_ratings(rows, SurveySettings()) for rows in (one, two))
    assert both.difference == alone.difference
    assert both.preference == alone.preference


def test_lists_with_what_is_avoided_are_counted():
    avoids = {customer_hash("ann", "s"): ("parfum",), customer_hash("dan", "s"): ("parfum",)}
    declared = CustomerFacts(avoids=avoids, holds={"parfum": frozenset({"p2"})})
    assert report.count_violations(KEY, declared, "s") == {"champion": 1, "challenger": 1}


def many(count, wins):
    """So many customers, of whom ``wins`` prefer the challenger."""
    names = [f"{number:03d}" for number in range(count)]
    key = pd.DataFrame({"case": names, "skin_type": "dry", "a": "champion"})
    words = ratings(*((name, "r1", 3, 4, "B" if number < wins else "A", "") for number, name in enumerate(names)))
    return report.unblind(words, key)


@pytest.mark.parametrize(
    ("count", "wins", "says"),
    [(19, 19, "Too few"), (40, 32, "The challenger is"), (40, 8, "The champion is"), (40, 22, "Neither")],
)
def test_the_verdict_is_certain_or_says_that_it_is_not(count, wins, says):
    settings = SurveySettings()
    assert report.survey_verdict(report.summarise_ratings(many(count, wins), settings), settings).startswith(says)


def console():
    return Console(file=io.StringIO(), width=200)


def test_from_handing_out_to_the_report(tmp_path, shop):
    workspace, _ = shop
    hand_out_survey(workspace, CONFIG, None, console())
    (folder,) = workspace.surveys.iterdir()
    assert {path.name for path in (folder / "hand-out").iterdir()} == {"sheet.csv", "lists.html"}
    with pytest.raises(DataError, match="no ratings yet"):
        report_survey(workspace, CONFIG, None, None, console())
    rows = rows_of((folder / "hand-out" / "sheet.csv").read_text(encoding="utf-8-sig"))
    sent = filled(tmp_path / "back.csv", rows, case002={"rating_a": "9"})
    told = console()
    report_survey(workspace, CONFIG, sent, None, told)
    assert "rejected   row 3: rating_a is '9', expected 1, 2, 3, 4 or 5" in told.file.getvalue()
    assert "rating_a" in (folder / "rejected.csv").read_text()
    kept = (folder / "ratings.parquet").read_bytes()
    said = (workspace.reports / "survey.md").read_text()
    assert f"{CASES - 1} ratings by 1 rater of the lists of {CASES - 1} customers" in said
    assert "Student" in (workspace.reports / "survey.html").read_text()
    report_survey(workspace, CONFIG, sent, folder.name, console())  # the same file again
    assert (folder / "ratings.parquet").read_bytes() == kept
    assert (workspace.reports / "survey.md").read_text() == said
    report_survey(workspace, CONFIG, filled(tmp_path / "mended.csv", rows[1:2]), None, console())
    assert f"{CASES} ratings" in (workspace.reports / "survey.md").read_text()
    with pytest.raises(DataError, match="no such survey"):
        report_survey(workspace, CONFIG, None, "other", console())


def test_whom_a_shop_forgets_no_survey_names(shop, found, tmp_path):
    workspace, _ = shop
    hand_out_survey(workspace, CONFIG, "two", console())
    asked = Workspace(tmp_path)
    shutil.copytree(workspace.surveys, asked.surveys)
    case, *others = found.cases
    erase_customer(asked, case.query.customer_id, "")
    (folder,) = asked.surveys.iterdir()
    key = pd.read_parquet(folder / "key.parquet")
    sheet = rows_of((folder / "hand-out" / "sheet.csv").read_text(encoding="utf-8-sig"))
    page = (folder / "hand-out" / "lists.html").read_text()
    assert key["case"].tolist() == [row["case"] for row in sheet] == [other.case for other in others]
    assert [f"Customer {one.case}<" in page for one in found.cases] == [False, *(True for _ in others)]


def test_without_a_champion_nothing_is_handed_out_and_without_another_model_best_sellers_are(shop, tmp_path):
    workspace, tables = shop
    alone = Workspace(tmp_path)
    tables.write(alone.tables)
    with pytest.raises(DataError, match="no champion"):
        hand_out_survey(alone, CONFIG, None, console())
    alone.promote({"version": "one", "bundle": str(workspace.bundle("one"))})
    said = Console(record=True, width=300)
    hand_out_survey(alone, CONFIG, None, said)
    assert " and best-sellers (" in said.export_text()
    (folder,) = alone.surveys.iterdir()
    key = pd.read_parquet(folder / "key.parquet")
    assert key["challenger_version"].str.startswith("best-sellers (").all()
    assert {*key["a"]} == {"champion", "challenger"}
    # Nothing tells which list is whose: no reasons on either side, no name of a method.
    sheet = (folder / "hand-out" / "sheet.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"best-?seller|bought it|popular", sheet + (folder / "hand-out" / "lists.html").read_text())


def test_best_sellers_are_the_most_bought_that_the_rules_allow(shop):
    workspace, tables = shop
    champion = Engine.load(workspace.bundle("one"))
    simple = best_sellers(champion, tables, CONFIG)
    queries = queries_from_tables(tables, sorted({*tables.customers["customer_id"]}), 0, 5)
    avoiding = [replace(q, profile=replace(q.profile, avoided_ingredients=("fragrance",))) for q in queries]
    for query, answer in zip(avoiding, simple.recommend(avoiding, reasons=False), strict=True):
        shown = [item.product_id for item in answer.items]
        assert not champion.rules.check(query, shown)
        assert not {*shown} & {*query.products}
        scores = [item.score for item in answer.items]
        assert scores == sorted(scores, reverse=True)
    most = simple.recommend([queries[0].__class__("nobody", k=1)], reasons=False)[0].items[0]
    assert most.score == max(simple.hybrid.sold[simple.catalogue.in_stock])
