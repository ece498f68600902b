"""A file that is written in another way than its source says: the message names the key to add."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import read_file
from recommender.data.sources.parts.folder import ingest_folder
from tests.support.spreadsheets import write_ods, write_xlsx

COLUMNS = ["product_id", "name", "price"]
TEXT = "product_id,name,price\np1,Crème,12.5\np2,Gel,8\n"


def read(path: Path, columns: list[str] = COLUMNS, **options: Any) -> list[list[Any]]:
    how = checked(TableSource, {"file": path.name, "columns": {}, **options}, where="test")
    frame = read_file(path, columns, how).astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def refusal(path: Path, columns: list[str] = COLUMNS, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        read(path, columns, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "key", "options"),
    [
        ("semicolons", TEXT.replace(",", ";").encode(), "'delimiter: \";\"'", {"delimiter": ";"}),
        ("tabs", TEXT.replace(",", "\t").encode(), "'delimiter: \"\\t\"'", {"delimiter": "\\t"}),
        ("pipes", TEXT.replace(",", "|").encode(), "'delimiter: \"|\"'", {"delimiter": "|"}),
        ("utf-16", TEXT.encode("utf-16"), "'encoding: utf-16'", {"encoding": "utf-16"}),
        ("utf-16 without a mark", TEXT.encode("utf-16-le"), "'encoding: utf-16-le'", {"encoding": "utf-16-le"}),
        ("latin", TEXT.encode("latin-1"), "'encoding: cp1252'", {"encoding": "cp1252"}),
        ("a third line", f"All products,,\n,,\n{TEXT}".encode(), "'header: 3'", {"header": 3}),
        ("a title", f"All products\n\n{TEXT}".encode(), "'header: 3'", {"header": 3}),
        (
            "all at once",
            f"Produits été\n\n{TEXT}".replace(",", ";").encode("utf-16"),
            "'encoding: utf-16'",
            {"encoding": "utf-16", "delimiter": ";", "header": 3},
        ),
    ],
)
def test_the_message_names_the_key_and_with_it_the_file_is_read(
    tmp_path: Path, name: str, content: bytes, key: str, options: dict[str, Any]
) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(content)
    assert key in refusal(path), name
    assert read(path, **options) == [["p1", "Crème", "12.5"], ["p2", "Gel", "8"]]


def test_several_keys_are_named_together(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text(f"All products\n\n{TEXT.replace(',', ';')}")
    assert "add 'delimiter: \";\"' and 'header: 3' to the table" in refusal(path)


def test_a_data_set_that_is_read_in_parts_is_advised_too(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text(f"All products\n\n{TEXT.replace(',', ';')}")
    source = tmp_path / "source.yaml"
    products = "  products: {file: products.csv, columns: {product_id: product_id, name: name}}\n"
    ratings = "  ratings: {file: products.csv, columns: {customer_id: who, product_id: product_id, rating: price}}\n"
    source.write_text(f"name: x\ntables:\n{products}{ratings}")
    with pytest.raises(DataError, match="add 'delimiter: \";\"' and 'header: 3' to the table"):
        ingest_folder(source, tmp_path / "raw")


@pytest.mark.parametrize(
    ("codec", "name", "text"),
    [
        ("cp932", "shift_jis", "品番,商品名\n1,保湿クリーム\n2,ジェル洗顔\n"),
        ("euc_kr", "euc_kr", "상품번호,상품명\n1,수분 크림\n2,젤 클렌저\n"),
        ("gb18030", "gb18030", "编号,名称\n1,保湿面霜\n2,洁面乳\n"),
        ("cp1251", "cp1251", "Номер,Название\n1,Крем для лица\n2,Гель\n"),
        ("cp1250", "cp1250", "Číslo,Název\n1,Pleťový krém\n2,Čisticí gel\n"),
    ],
)
def test_an_encoding_is_told_by_its_letters(tmp_path: Path, codec: str, name: str, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode(codec))
    header, *rows = (line.split(",") for line in text.splitlines())
    assert f"'encoding: {name}'" in refusal(path, header)
    assert read(path, header, encoding=name) == rows


def test_a_text_that_is_utf_8_after_all_is_told_by_its_column_names(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Nr,Wünsche\n1,Rötung\n", encoding="utf-8")
    assert "'encoding: utf-8'" in refusal(path, ["Nr", "Wünsche"], encoding="latin-1")


@pytest.mark.parametrize("there", ["Product_ID", "productId", "product id", "PRODUCT ID ", "prodct_id"])
def test_another_spelling_of_a_name_is_named(tmp_path: Path, there: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{there},price\n1,2\n")
    assert f"'{there}', as it is written there" in refusal(path, ["product_id"])


def test_a_column_that_is_nowhere_is_no_matter_of_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,title\n1,a;b\n2,c;d\n")
    message = refusal(path, ["id", "colour"])
    assert "one of: id, title" in message
    assert "add '" not in message


def test_where_no_name_is_known_the_likely_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Report,2025-01-02,\n,,\nNr,Name,Preis\n1,Gel,7\n2,Balm,8\n")
    message = refusal(path)
    assert "'header: 3'" in message
    assert "Nr, Name, Preis" in message
    path.write_text("Report, all\nNr;Name;Preis\n1;Gel;7\n2;Balm;8\n3;Oil;9\n")
    assert "'delimiter: \";\"' and 'header: 2'" in refusal(path)


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_objects_have_no_delimiter(tmp_path: Path, name: str) -> None:
    lines = b'{"id": 1, "name": "a"}\n{"id": 2, "name": "b"}\n'
    path = tmp_path / name
    path.write_bytes(gzip.compress(lines, mtime=0) if name.endswith(".gz") else lines)
    message = refusal(path, ["id", "colour"])
    assert "one of: id, name" in message
    assert "add '" not in message


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", gzip.compress(TEXT.encode(), mtime=0), "'file: x.csv.gz'"),
        ("x.csv.gz", TEXT.encode(), "'file: x.csv'"),
        ("x.csv", b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        ("x.xlsx", TEXT.encode(), "'file: x.csv'"),
        ("x.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        ("x.csv", b"%PDF-1.7", "a PDF"),
        ("x.csv", b'[{"product_id": 1, "name": "a"}]', "'file: x.json'"),
        ("x.parquet", TEXT.encode(), "parquet"),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_is_recognised(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refusal(path)


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_a_spreadsheet_that_is_called_csv_is_recognised(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / "x.csv", {"Orders": [["product_id"], ["p1"]]})
    assert f"'file: x.{'xlsx' if write is write_xlsx else 'ods'}'" in refusal(path)


def test_a_line_by_which_excel_tells_its_delimiter_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\ufeffsep=;\r\nproduct_id;price\r\np1;12,5\r\n")
    assert read(path, ["product_id", "price"]) == [["p1", "12,5"]]
    path.write_text('sep=;\nproduct_id;name\np1;"a;b"\n')
    assert read(path, ["product_id", "name"]) == [["p1", "a;b"]]


def test_the_lines_of_errors_are_counted_from_the_top_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('Report\n\nid,name\n1,"Gel"\n2,a,b\n')
    assert "line 5" in refusal(path, ["id", "name"], header=3)


def test_the_columns_of_a_sheet_are_looked_for_in_others_and_below(tmp_path: Path) -> None:
    rows = [["Report"], [], ["product_id", "price"], ["p1", 2]]
    path = write_xlsx(tmp_path / "x.xlsx", {"Info": [["made by"]], "Orders": rows})
    assert "add 'sheet: Orders' and 'header: 3' to the table" in refusal(path, ["product_id", "price"])
    assert read(path, ["product_id", "price"], sheet="Orders", header=3) == [["p1", 2]]
    assert "one of: Info, Orders" in refusal(path, ["product_id"], sheet="orders")
