from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from recommender.contract.tables import Tables
from recommender.features import definitions
from recommender.features.build import build_features, write_features
from recommender.features.snapshot import UNDATED


def times(*texts):
    return pd.to_datetime(pd.Series(texts, dtype=object), utc=True, format="ISO8601").dt.as_unit("us")


PRODUCTS = pd.DataFrame(
    {
        "product_id": ["cream", "serum", "soap"],
        "name": ["Hydrating Cream", "Plain Serum", "Soap"],
        "brand": ["A", "B", "B"],
        "category": ["Face", "Face", "Body"],
        "ingredients": [["Water", "Glycerin"], ["Water", "Niacinamide", "Retinol"], None],
        "price": [30.0, 60.0, 3.0],
        "launched": times("2023-12-31", None, "2024-02-01"),
    }
)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["ann", "bob", "eve"],
        "skin_type": ["dry", None, "oily"],
        "birth_year": pd.array([1990, None, 2000], dtype="Int64"),
        "concerns": [["dryness"], None, []],
        "signup_time": times("2024-01-01", "2024-01-01", "2024-03-01"),
    }
)
TRANSACTIONS = pd.DataFrame(
    {
        "transaction_id": ["t1", "t2", "t3", "t4"],
        "customer_id": ["ann", "ann", "ann", "bob"],
        "product_id": ["cream", "serum", "serum", "soap"],
        "quantity": pd.array([1, 1, 2, 1], dtype="Int64"),
        "time": times("2024-01-01 10:00", "2024-01-03 09:00", "2024-01-11 12:00", "2024-02-10"),
        "position": pd.array([0, 0, 0, 0], dtype="Int64"),
    }
)
RATINGS = pd.DataFrame(
    {
        "customer_id": ["ann", "bob"],
        "product_id": ["serum", "cream"],
        "rating": [5.0, 2.0],
        "time": times("2024-01-12", "2024-02-11"),
    }
)
EVENTS = pd.DataFrame(
    {
        "event_id": ["e1", "e2", "e3", "e4", "e5", "e6"],
        "customer_id": ["ann", "ann", "zoe", "bob", "bob", "bob"],
        "type": ["dismiss", "dismiss", "view", "search", "search", "search"],
        "product_id": ["soap", "soap", "cream", None, None, None],
        "query": [None, None, None, "cream without parabens", "fragrance free", "no fragrance serum"],
        "time": times("2024-01-20", "2024-01-21", "2024-01-05", "2024-02-01", "2024-02-02", "2024-02-03"),
    }
)
SHOP = Tables(products=PRODUCTS, customers=CUSTOMERS, transactions=TRANSACTIONS, ratings=RATINGS, events=EVENTS)
WITHOUT_DATES = Tables(products=PRODUCTS[["product_id", "name"]], ratings=RATINGS.drop(columns="time"))


def row(tables, view, entity, at=None):
    frame = build_features(tables, at)[view]
    return frame.set_index(definitions.view(view).entity).loc[entity]


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("tables", [SHOP, WITHOUT_DATES])
def test_every_view_has_its_defined_columns_and_one_row_an_entity(tables):
    for name, frame in build_features(tables).items():
        view = definitions.view(name)
        assert [*frame.columns] == [view.entity, "event_timestamp", *(feature.name for feature in view.features)]
        assert frame[view.entity].is_unique
        assert frame[view.entity].is_monotonic_increasing
        assert str(frame["event_timestamp"].dtype) == "datetime64[us, UTC]"
        assert frame["event_timestamp"].notna().all()


def test_every_customer_of_any_table_has_a_row():
    assert build_features(SHOP)["customer_profile"]["customer_id"].tolist() == ["ann", "bob", "eve", "zoe"]


def test_profile():
    ann = row(SHOP, "customer_profile", "ann")
    assert (ann.birth_year, ann.skin_type, ann.concerns, ann.dismissed) == (1990, "dry", ["dryness"], ["soap"])
    zoe = row(SHOP, "customer_profile", "zoe")
    assert pd.isna(zoe.birth_year)
    assert pd.isna(zoe.skin_type)
    assert zoe.concerns == zoe.avoided_ingredients == zoe.dismissed == []


def test_history_is_oldest_first_with_times():
    ann = row(SHOP, "customer_history", "ann")
    assert ann.recent_products == ["cream", "serum", "serum"]
    assert ann.recent_times == [int(time.timestamp()) for time in TRANSACTIONS["time"][:3]]
    assert row(SHOP, "customer_history", "eve").recent_products == []


def test_history_without_dates_has_no_times():
    ann = row(WITHOUT_DATES, "customer_history", "ann")
    assert (ann.recent_products, ann.recent_times) == (["serum"], [])


def test_history_keeps_the_last():
    many = definitions.LONGEST_HISTORY + 5
    rated = pd.DataFrame({"customer_id": "ann", "product_id": [f"p{i:03}" for i in range(many)], "rating": 4.0})
    tables = Tables(products=rated[["product_id"]].assign(name="x"), ratings=rated)
    assert row(tables, "customer_history", "ann").recent_products == rated["product_id"].tolist()[5:]


def test_activity():
    ann = row(SHOP, "customer_activity", "ann", day("2024-01-13 12:00"))
    assert (ann.purchases, ann.products) == (3, 2)
    assert ann.average_days_between == pytest.approx(5.0)  # three days with a use: the 1st, 3rd and 11th
    assert ann.days_since_last == pytest.approx(2.0)
    assert ann.mean_price == pytest.approx(50.0)
    assert ann.mean_rating == pytest.approx(5.0)
    assert (ann.top_brand, ann.top_category) == ("B", "Face")
    assert ann.top_products == ["serum", "cream"]
    assert ann.spend == pytest.approx(30 + 60 + 2 * 60)


def test_spend_levels_are_thirds_of_the_customers():
    levels = build_features(SHOP)["customer_activity"].set_index("customer_id")["spend_level"]
    assert levels[["ann", "bob"]].tolist() == ["high", "low"]  # bob: soap and a rated cream
    assert levels[["eve", "zoe"]].isna().all()


def test_what_searches_want_left_out_is_inferred_apart_from_what_is_declared():
    activity = row(SHOP, "customer_activity", "bob")
    assert activity.inferred_avoidances == ["fragrance", "parabens"]
    assert row(SHOP, "customer_profile", "bob").avoided_ingredients == []
    assert row(SHOP, "customer_activity", "bob", day("2024-02-01 12:00")).inferred_avoidances == ["parabens"]
    assert row(SHOP, "customer_activity", "ann").inferred_avoidances == []


def test_activity_of_who_did_nothing():
    eve = row(SHOP, "customer_activity", "eve")
    assert (eve.purchases, eve.products) == (0, 0)
    assert pd.isna(
        [eve.average_days_between, eve.days_since_last, eve.mean_price, eve.mean_rating, eve.top_brand]
    ).all()
    assert eve.inferred_concerns == []


def test_of_equally_used_brands_the_later_counts():
    assert row(SHOP, "customer_activity", "bob").top_brand == "A"  # soap of B, then cream of A


def test_product_statistics():
    serum = row(SHOP, "product_statistics", "serum", day("2024-02-11"))
    assert (serum.popularity_30d, serum.popularity_90d, serum.popularity_all) == (0, 2, 2)
    soap = row(SHOP, "product_statistics", "soap", day("2024-02-11"))
    assert (soap.popularity_30d, soap.price_tier, soap.days_since_launch) == (1, "low", 10.0)
    assert pd.isna(serum.days_since_launch)


def test_ratings_are_drawn_to_the_mean_by_a_prior():
    serum = row(SHOP, "product_statistics", "serum")
    soap = row(SHOP, "product_statistics", "soap")
    prior = definitions.PRIOR_RATINGS
    assert serum.rating_bayes == pytest.approx((prior * 3.5 + 5.0) / (prior + 1))
    assert soap.rating_bayes == pytest.approx(3.5)


def test_popularity_windows_need_dates():
    serum = row(WITHOUT_DATES, "product_statistics", "serum")
    assert pd.isna(serum.popularity_30d)
    assert serum.popularity_all == 1


def test_concerns_of_products_and_of_who_uses_them():
    assert row(SHOP, "product_statistics", "cream").concerns[0] == "dryness"
    assert "ageing" in row(SHOP, "product_statistics", "serum").concerns
    assert "ageing" in row(SHOP, "customer_activity", "ann").inferred_concerns


def test_rows_hold_from_when_the_customer_was_last_seen():
    assert row(SHOP, "customer_history", "ann").event_timestamp == EVENTS["time"][1]
    assert row(SHOP, "customer_history", "eve").event_timestamp == CUSTOMERS["signup_time"][2]
    assert row(WITHOUT_DATES, "customer_history", "ann").event_timestamp == UNDATED


def test_ages_hold_from_the_moment_asked_for():
    assert row(SHOP, "customer_activity", "ann", day("2024-03-05")).event_timestamp == pd.Timestamp(
        "2024-03-05", tz=UTC
    )
    assert row(SHOP, "customer_activity", "ann").event_timestamp == RATINGS["time"][1]


MOMENTS = st.datetimes(datetime(2023, 12, 30), datetime(2024, 3, 10)).map(lambda time: time.replace(tzinfo=UTC))


@settings(max_examples=8)
@given(MOMENTS)
def test_nothing_after_the_moment_counts(at):
    later = {"time": lambda table: [pd.Timestamp(at) + pd.Timedelta("1s")] * len(table)}
    planted = Tables(
        products=PRODUCTS,
        customers=CUSTOMERS,
        transactions=pd.concat([TRANSACTIONS, TRANSACTIONS.assign(transaction_id="leak", product_id="soap", **later)]),
        ratings=pd.concat([RATINGS, RATINGS.assign(rating=1.0, product_id="soap", **later)]),
        events=pd.concat(
            [
                EVENTS,
                EVENTS.assign(type="purchase", customer_id="late", **later),
                EVENTS.assign(type="search", query="no silicones", **later),
            ]
        ),
    )
    honest, leaky = build_features(SHOP, at), build_features(planted, at)
    for name, frame in honest.items():
        assert_frame_equal(frame, leaky[name])
        assert (frame["event_timestamp"] <= pd.Timestamp(at)).all()


def test_the_end_and_any_moment_after_it_give_the_same_history():
    for view in ("customer_profile", "customer_history"):
        assert_frame_equal(build_features(SHOP, day("2024-03-02"))[view], build_features(SHOP)[view])


def test_undated_rows_do_not_count_at_a_moment():
    assert row(WITHOUT_DATES, "product_statistics", "serum", day("2024-01-01")).popularity_all == 0


@pytest.mark.parametrize("tables", [SHOP, WITHOUT_DATES])
def test_files_have_the_defined_types_even_where_all_is_missing(tables, tmp_path):
    counts = write_features(tables, tmp_path / "features")
    arrow = {"Int64": "int64", "Float64": "double", "Float32": "float", "String": "string"}
    arrow |= {f"Array({name})": f"list<{kind}>" for name, kind in arrow.items()}
    for view in definitions.VIEWS:
        file = pq.read_table(tmp_path / "features" / f"{view.name}.parquet")
        assert counts[view.name] == file.num_rows
        for feature in view.features:
            kind = str(file.schema.field(feature.name).type).replace("element: ", "").replace("item: ", "")
            assert kind == arrow[feature.dtype]


def test_the_same_data_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_features(SHOP, tmp_path / name)
    for view in definitions.VIEWS:
        one, two = ((tmp_path / name / f"{view.name}.parquet").read_bytes() for name in ("one", "two"))
        assert one == two


def test_every_feature_says_what_it_is():
    for view in definitions.VIEWS:
        names = [feature.name for feature in view.features]
        assert len(names) == len(set(names))
        assert all(feature.unit and feature.description for feature in view.features)


def test_numpy_lists_are_lists():
    stored = PRODUCTS.assign(ingredients=[np.array(["Water"]), None, np.array([], dtype=object)])
    assert (
        build_features(Tables(products=stored, ratings=RATINGS))["product_statistics"]["concerns"]
        .map(type)
        .eq(list)
        .all()
    )
