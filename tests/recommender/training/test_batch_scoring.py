import pandas as pd
import pytest

from infrastructure.errors import ConfigError, RequestError
from infrastructure.workspace import Workspace
from recommender.data.feedback import FEEDBACK_FILE
from recommender.data.forgotten_customers import ForgottenCustomers
from recommender.data.interactions import interactions
from recommender.data.sources.ingest import ingest
from recommender.training.batch_scoring import write_recommendations
from settings.config import Config

QUICK = Config.parse({"model": {"ranker": {"enabled": False}}}, where="test")
SOURCE = "name: tiny\nsynthetic: {seed: 0, customers: 120, products: 100, days: 200, dirt: {bots: 0}}\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    source = tmp_path_factory.mktemp("shop") / "tiny.yaml"
    source.write_text(SOURCE)
    return source


@pytest.fixture(scope="module")
def history(source):
    from recommender.data.cleaning.prepare import prepare
    from recommender.data.sources.ingest import ingest

    return interactions(prepare(ingest(source), QUICK).tables)


@pytest.fixture(scope="module")
def written(source):
    target = source.parent / "out" / "lists.parquet"
    rows = write_recommendations(source, target, 7, QUICK)
    return rows, target


@pytest.fixture(scope="module")
def lists(written):
    return pd.read_parquet(written[1])


def test_columns_and_number_of_rows(written, lists):
    assert [*lists.columns][:4] == ["customer_id", "product_id", "rank", "score"]
    assert [str(lists[name].dtype) for name in ("rank", "score")] == ["int64", "float64"]
    assert [*lists.columns][4:] == ["product_name", "brand", "reasons", "reason_kinds"]
    assert len(lists) == written[0]


def test_each_product_has_its_name_brand_and_reasons_in_words(lists, source):
    products = ingest(source).tables["products"].drop_duplicates("product_id").set_index("product_id")
    assert (lists["product_name"] == lists["product_id"].map(products["name"]).fillna(lists["product_id"])).mean() > 0.9
    assert lists["brand"].notna().any()
    assert lists["reasons"].str.endswith(".").all()
    assert lists["reasons"].str.contains("also bought it").any()
    assert (lists["reason_kinds"].str.split().str.len() >= 1).all()


@pytest.mark.parametrize("name", ["lists.txt", "lists", "lists.csv.gz", "lists.xls"])
def test_an_ending_that_names_no_format_is_told_before_anything_is_read(tmp_path, name):
    with pytest.raises(RequestError) as caught:
        write_recommendations(tmp_path / "nowhere.yaml", tmp_path / name, 5, QUICK)
    assert caught.value.field == "out"
    assert caught.value.expected == "a name that ends with .csv, .jsonl, .parquet or .xlsx"


def test_a_csv_file_has_the_same_rows(source, lists, tmp_path):
    write_recommendations(source, tmp_path / "lists.CSV", 7, QUICK)
    found = pd.read_csv(tmp_path / "lists.CSV", encoding="utf-8-sig", dtype={"customer_id": str, "product_id": str})
    pd.testing.assert_frame_equal(found, lists, check_dtype=False)


def test_every_customer_with_history_has_a_full_list(lists, history):
    sizes = lists.groupby("customer_id").size()
    assert {*sizes.index} == {*history["customer_id"]}
    assert (sizes == 7).mean() > 0.9  # who avoids much may get fewer
    assert sizes.max() == 7


def test_ranks_count_from_1_and_scores_fall(lists):
    for _, rows in lists.groupby("customer_id", sort=False):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["score"].is_monotonic_decreasing
        assert rows["product_id"].is_unique


def test_nothing_a_customer_has_is_in_the_list(lists, history):
    assert lists.merge(history, on=["customer_id", "product_id"]).empty


def test_the_same_source_gives_the_same_bytes(source, written, tmp_path):
    write_recommendations(source, tmp_path / "again.parquet", 7, QUICK)
    assert (tmp_path / "again.parquet").read_bytes() == written[1].read_bytes()


@pytest.mark.parametrize("k", [0, -1, 101])
def test_a_list_length_out_of_range_is_told_before_anything_is_read(tmp_path, k):
    with pytest.raises(RequestError) as caught:
        write_recommendations(tmp_path / "nowhere.yaml", tmp_path / "out.parquet", k, QUICK)
    assert (caught.value.field, caught.value.value, caught.value.expected) == ("k", k, "1 to 100")


def test_a_failure_leaves_the_old_file(tmp_path):
    (tmp_path / "out.parquet").write_text("old")
    with pytest.raises(ConfigError):
        write_recommendations(tmp_path / "nowhere.yaml", tmp_path / "out.parquet", 5, QUICK)
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]
    assert (tmp_path / "out.parquet").read_text() == "old"


def test_what_a_customer_told_the_collector_and_who_was_forgotten_counts(tmp_path, monkeypatch, lists):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    (ann, product), bob = lists.iloc[0][["customer_id", "product_id"]], lists["customer_id"].iloc[-1]
    products = ingest(tmp_path / "tiny.yaml").tables["products"].set_index("product_id")
    told = {"event_id": ["e1"], "customer_id": [ann], "type": ["avoid"], "query": [products["ingredients"][product][0]]}
    workspace = Workspace.named("tiny")
    workspace.feedback.mkdir(parents=True)
    events = pd.DataFrame(told | {"time": pd.Timestamp("2025-01-01", tz="UTC")})
    events.to_parquet(workspace.feedback / FEEDBACK_FILE)
    ForgottenCustomers.read(workspace.forgotten).remember(bob, workspace.forgotten)
    write_recommendations(tmp_path / "tiny.yaml", tmp_path / "lists.parquet", 7, QUICK)
    found = pd.read_parquet(tmp_path / "lists.parquet").groupby("customer_id")["product_id"].agg(set)
    assert product in {*lists[lists["customer_id"] == ann]["product_id"]} - found.get(ann, set())
    assert bob not in found
