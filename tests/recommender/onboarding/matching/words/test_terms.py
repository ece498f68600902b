"""Names of columns in many languages."""

import pytest

from recommender.contract import columns as c
from recommender.onboarding.matching.words.known_values import meaning
from recommender.onboarding.matching.words.terms import compared, likeness, table_likeness

LANGUAGES = {
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "cs",
    "sv",
    "da",
    "fi",
    "tr",
    "ru",
    "ja",
    "ko",
    "zh",
    "vi",
    "id",
}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("CustomerID", c.CUSTOMER_ID), ("kunden-nr", c.CUSTOMER_ID), ("id_cliente", c.CUSTOMER_ID),
        ("Mã khách hàng", c.CUSTOMER_ID), ("код клиента", c.CUSTOMER_ID), ("회원아이디", c.CUSTOMER_ID),
        ("Artikelnummer", c.PRODUCT_ID), ("product_sku", c.PRODUCT_ID), ("numer produktu", c.PRODUCT_ID),
        ("商品编号", c.PRODUCT_ID), ("ÜRÜN KODU", c.PRODUCT_ID), ("Größe", "size"), ("Groesse", "size"),
        ("Inhaltsstoffe", c.INGREDIENTS), ("全成分", c.INGREDIENTS), ("Składniki", c.INGREDIENTS),
        ("qty_ordered", c.QUANTITY), ("množství", c.QUANTITY), ("Cant.", c.QUANTITY),
        ("Ημερομηνία order_date", c.TIME), ("tilauspäivä", c.TIME), ("注文日時", c.TIME),
    ],
)  # fmt: skip
def test_a_name_is_known_in_any_spelling(name, key):
    assert likeness(compared(name), key) > 0.65


@pytest.mark.parametrize(("name", "key"), [("picture", c.NAME), ("brand", c.NAME), ("image", c.BIRTH_YEAR)])
def test_a_name_is_not_taken_for_another(name, key):
    assert likeness(compared(name), key) < 0.4


def test_what_every_shop_has_is_known_in_every_language():
    from recommender.onboarding.matching.words.terms import _terms

    for column in (c.CUSTOMER_ID, c.PRODUCT_ID, c.NAME, c.PRICE, c.QUANTITY, c.TIME, c.RATING, c.SKIN_TYPE, c.TYPE):
        assert set(_terms().ours[column]) >= LANGUAGES


@pytest.mark.parametrize(
    ("words", "table"),
    [
        ("orders 2024", c.TRANSACTIONS),
        ("kunden", c.CUSTOMERS),
        ("상품", c.PRODUCTS),
        ("отзывы", c.RATINGS),
        ("click log", c.EVENTS),
    ],
)
def test_a_tables_name_says_what_it_is(words, table):
    assert table_likeness(words, table) >= 0.6


@pytest.mark.parametrize(
    ("word", "column", "ours"),
    [("Sèche", "skin_type", "dry"), ("복합성", "skin_type", "combination"), ("da nhạy cảm", "skin_type", "sensitive"),
     ("Add to Cart", "type", "add_to_cart"), ("장바구니", "type", "add_to_cart"), ("Rötungen", "concerns", "redness"),
     ("fine lines", "concerns", "ageing"), ("отменён", "status", "undone"), ("Đã hủy", "status", "undone"),
     ("remboursé", "status", "returned"), ("shipped", "status", None)],
)  # fmt: skip
def test_words_in_cells_are_known(word, column, ours):
    assert meaning(word, column) == ours
