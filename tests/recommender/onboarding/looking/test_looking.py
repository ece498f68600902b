"""How a file is written, and the tables in what a person named."""

import gzip
import json

import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.onboarding.looking.dialects import dialect_of
from recommender.onboarding.looking.encodings import encoding_of
from recommender.onboarding.looking.places import look
from tests.support.foreign_shops import write_csv


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe;Preis für Müller", "cp1252"), ("ilość;łagodzący żel świeży", "cp1250"),
        ("Номер заказа;Клиент;Цена", "cp1251"), ("회원번호,상품코드,별점", "cp949"),
        ("商品コード,ブランド名,カテゴリー", "cp932"),
        ("商品编号,品牌,价格", "gb18030"), ("Größe", "utf-8"), ("Größe,Preis", "utf-16"), ("plain", "utf-8"),
    ],
)  # fmt: skip
def test_encodings(text, encoding):
    assert encoding_of(text.encode(encoding))[0] == encoding


@pytest.mark.parametrize(
    ("text", "mark", "header", "names"),
    [
        ("a,b\n1,2\n3,4\n", ",", 1, ("a", "b")),
        ('a;b\n"1,5";"x, y, z"\n"2,5";"x, y, z"\n', ";", 1, ("a", "b")),
        ("a;b\n1,5;x, y, z\n2,5;x, y, z\n", ";", 1, ("a", "b")),
        ("a\tb\n1\tx, y\n", "\t", 1, ("a", "b")),
        ("Report of sales\n\nid|name\n1|x\n2|y\n", "|", 3, ("id", "name")),
    ],
)
def test_dialects(text, mark, header, names):
    found = dialect_of(text)
    assert found is not None
    assert (found.mark, found.header, found.names) == (mark, header, names)


def test_a_text_without_cells_has_no_dialect():
    assert dialect_of("just\nwords\n") is None


def found_in(folder):
    return look([str(folder)], folder, "SHOP_DATABASE")


def test_a_file_that_differs_from_what_is_usual_says_how(tmp_path):
    write_csv(tmp_path / "a.csv", ["Nr", "Größe"], [[1, "groß"], [2, "übergroß"]], ";", "cp1252", ["Bericht"])

    (table,) = found_in(tmp_path).tables

    assert table.reading == {"file": "a.csv", "delimiter": ";", "encoding": "cp1252", "header": 2}
    assert set(table.evidence) == {"delimiter", "encoding", "header"}


def test_files_a_month_are_one_table(tmp_path):
    for month in ("2024-01", "2024-02"):
        write_csv(tmp_path / f"orders_{month}.csv", ["id", "sku"], [[1, month], [2, month]])

    (table,) = found_in(tmp_path).tables

    assert (table.reading["file"], table.rows) == ("orders_*.csv", 4)


def test_a_large_file_is_read_in_pieces_from_all_over_it(tmp_path):
    rows = 500_000
    (tmp_path / "large.csv").write_text("id,name\n" + "".join(f"{at},a name of product {at}\n" for at in range(rows)))

    (table,) = found_in(tmp_path).tables

    numbers = table.sample["id"].astype(int)
    assert len(numbers) < rows / 5
    assert numbers.max() > 0.97 * rows
    assert abs(table.rows - rows) < 0.1 * rows


def test_compressed_json_and_parquet(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(
        gzip.compress(b'{"id": 1, "at": {"city": "X"}}\n{"id": 2, "at": {"city": "Y"}}\n')
    )
    (tmp_path / "b.json").write_text(json.dumps([{"sku": "a"}, {"sku": "b"}]))
    pd.DataFrame({"item": [1, None], "tags": [["a"], ["b"]]}).to_parquet(tmp_path / "c.parquet")

    tables = {table.name: table.columns for table in found_in(tmp_path).tables}

    assert tables == {"a.jsonl.gz": ["id", "at.city"], "b.json": ["sku"], "c.parquet": ["item", "tags"]}


def test_a_file_that_is_no_table_is_passed_over_with_the_reason(tmp_path):
    write_csv(tmp_path / "good.csv", ["id", "sku"], [[1, 2]])
    write_csv(tmp_path / "nameless.csv", ["1", "2"], [[3, 4], [5, 6]])
    (tmp_path / "notes.docx").write_bytes(b"x")

    assert found_in(tmp_path).passed_over == {
        "nameless.csv": "no line names its columns: the first one is '1, 2 …'; write a line of names above it",
        "notes.docx": "files that end in '.docx' are not read",
    }


@pytest.mark.parametrize("place", ["nowhere", "https://shop.example/orders?api_key=1234"])
def test_a_place_that_cannot_be_looked_at(tmp_path, place):
    with pytest.raises(DataError) as error:
        look([place if "://" in place else str(tmp_path / place)], tmp_path, "SHOP_DATABASE")
    assert "1234" not in str(error.value)
