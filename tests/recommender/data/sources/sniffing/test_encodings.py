"""The encoding of a text, told by its bytes."""

import pytest

from recommender.data.sources.sniffing.encodings import likely_encoding


@pytest.mark.parametrize(
    ("text", "encoding", "codec"),
    [
        ("Größe;Preis für Müller", "cp1252", None), ("ilość;łagodzący żel świeży", "cp1250", None),
        ("Номер заказа;Клиент;Цена", "cp1251", None), ("회원번호,상품코드,별점", "euc_kr", "cp949"),
        ("商品コード,ブランド名,カテゴリー", "shift_jis", "cp932"), ("商品编号,品牌,价格", "gb18030", None),
        ("Größe", "utf-8", None), ("Größe,Preis", "utf-16", None), ("plain", "utf-8", None),
    ],
)  # fmt: skip
def test_encodings(text, encoding, codec):
    assert likely_encoding(text.encode(codec or encoding)) == encoding


def test_lines_without_letters_of_the_language_say_nothing_of_the_encoding():
    plain = "12;a name in Latin letters\n" * 5_000
    assert likely_encoding(f"{plain}13;Крем для лица\n{plain}".encode("cp1251")) == "cp1251"


def test_bytes_of_no_language_are_in_no_encoding():
    assert likely_encoding(bytes(range(128, 256)) * 4) is None
