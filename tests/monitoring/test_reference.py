"""What is compared: purchases with customer and product, made alike for both sides."""

import pandas as pd
import pytest

from monitoring.reference import purchase_frame, read_reference, write_reference
from recommender.contract import columns as c
from recommender.contract.tables import Tables

PRODUCTS = pd.DataFrame(
    {
        c.PRODUCT_ID: ["p1", "p2"],
        c.NAME: ["Cream", "Serum"],
        c.BRAND: ["Lumi", None],
        c.CATEGORY: ["Skincare > Face > Cream", None],
        c.PRICE: [19.9, None],
        c.INGREDIENTS: [["Water", "Salicylic Acid"], None],
    }
)
CUSTOMERS = pd.DataFrame(
    {
        c.CUSTOMER_ID: ["ann"],
        c.SKIN_TYPE: ["dry"],
        c.REGION: ["north"],
        c.BIRTH_YEAR: pd.array([1987], dtype="Int64"),
    }
)


def events(*rows):
    names = [c.EVENT_ID, c.CUSTOMER_ID, c.TYPE, c.PRODUCT_ID, c.REQUEST_ID, c.TIME]
    found = pd.DataFrame([(str(i), *row) for i, row in enumerate(rows)], columns=names)
    return found.assign(time=pd.to_datetime(found["time"], utc=True).dt.as_unit("us"))


@pytest.fixture
def shop():
    return Tables(
        products=PRODUCTS,
        customers=CUSTOMERS,
        events=events(
            ("ann", "purchase", "p1", None, "2025-01-02"),
            ("eve", "purchase", "p2", None, "2025-01-01"),
            ("ann", "view", "p2", None, "2025-01-03"),
            ("ann", "purchase", "p2", "r1", "2025-01-04"),
        ),
    )


def test_unprompted_purchases_with_what_is_known(shop):
    found = purchase_frame(shop).astype(object).where(lambda cells: cells.notna(), None)
    assert found.to_dict("records") == [
        {
            c.CUSTOMER_ID: "eve",
            "department": None,
            c.BRAND: None,
            "price_band": None,
            "concern": None,
            c.SKIN_TYPE: None,
            c.REGION: None,
            "birth_decade": None,
        },
        {
            c.CUSTOMER_ID: "ann",
            "department": "Skincare > Face",
            c.BRAND: "Lumi",
            "price_band": "16 to 32",
            "concern": "acne",
            c.SKIN_TYPE: "dry",
            c.REGION: "north",
            "birth_decade": "1980s",
        },
    ]


def test_what_a_shop_does_not_know_is_missing(shop):
    bare = Tables(products=PRODUCTS[[c.PRODUCT_ID, c.NAME]], events=shop.events)
    found = purchase_frame(bare)
    assert len(found) == 2
    assert found.drop(columns=c.CUSTOMER_ID).isna().all(axis=None)


def test_prices_below_one_have_a_band(shop):
    cheap = Tables(products=PRODUCTS.assign(price=[0.5, 1.0]), events=shop.events)
    assert purchase_frame(cheap)["price_band"].tolist() == ["1 to 2", "0 to 1"]


def test_the_reference_is_read_as_it_was_made(shop, tmp_path):
    assert read_reference(tmp_path / "reference") is None
    write_reference(shop, tmp_path / "reference")
    pd.testing.assert_frame_equal(read_reference(tmp_path / "reference"), purchase_frame(shop), check_dtype=False)
