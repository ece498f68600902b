"""The tables in what a person named, and how each is read."""

import bz2
import gzip
import json
import lzma
import zipfile

import fastavro
import pandas as pd
import pyarrow as pa
import pytest

from infrastructure.errors import DataError
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import READABLE, TEXTS, read_file
from recommender.data.sources.reading.compressed import COMPRESSIONS
from recommender.onboarding.looking.places import look
from tests.support.foreign_shops import write_csv
from tests.support.spreadsheets import write_ods, write_xlsx


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


FRAME = pd.DataFrame({"sku": ["a1", "b2", "c3"], "label": ["Crème", "Gel", "Balm"]})


def write(path):
    """A file of this kind with ``FRAME`` in it; False where nothing here writes such files."""
    suffix = path.suffix
    if suffix in (".xlsx", ".ods"):
        rows = [list(FRAME), *FRAME.to_numpy().tolist()]
        (write_xlsx if suffix == ".xlsx" else write_ods)(path, {"Products": rows})
    elif suffix == ".parquet":
        FRAME.to_parquet(path)
    elif suffix == ".avro":
        fields = [{"name": name, "type": "string"} for name in FRAME]
        with path.open("wb") as out:
            fastavro.writer(out, {"type": "record", "name": "r", "fields": fields}, FRAME.to_dict("records"))
    elif suffix in TEXTS:
        path.write_text(as_text(suffix))
    return path.exists()


def as_text(suffix):
    if "json" in suffix:
        return FRAME.to_json(orient="records", lines=suffix != ".json", force_ascii=False)
    return FRAME.to_csv(index=False, sep="," if suffix == ".csv" else "\t")


@pytest.mark.parametrize("suffix", READABLE)
def test_every_kind_of_file_that_can_be_read_is_looked_at_and_read_so(tmp_path, suffix):
    path = tmp_path / f"products{suffix}"
    if not write(path):
        path.write_bytes(b"\xd0\xcf\x11\xe0 no whole file")
        with pytest.raises(DataError, match=r"(?i)workbook|cfb|calamine|xls|zip") as error:
            found_in(tmp_path)
        assert "are not read" not in str(error.value)
        return

    (table,) = found_in(tmp_path).tables

    assert (table.columns, table.words, table.rows) == (["sku", "label"], "products", 3) or "sheet" in table.name
    how = TableSource.model_validate({**table.reading, "columns": {}})
    assert read_file(path, table.columns, how).to_numpy().tolist() == FRAME.to_numpy().tolist()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_every_compression_that_can_be_read_is_looked_into(tmp_path, compression):
    path = tmp_path / f"products.csv{compression}"
    pack(path, as_text(".csv").encode())

    (table,) = found_in(tmp_path).tables

    assert (table.columns, table.words, table.rows) == (["sku", "label"], "products", 3)
    how = TableSource.model_validate({**table.reading, "columns": {}})
    assert read_file(path, table.columns, how).to_numpy().tolist() == FRAME.to_numpy().tolist()


def pack(path, content):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("products.csv", content)
        return
    packers = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
    packers[".lzma"] = lambda whole: lzma.compress(whole, lzma.FORMAT_ALONE)
    path.write_bytes(packers.get(path.suffix, lambda whole: pa.Codec("zstd").compress(whole, asbytes=True))(content))


def test_an_archive_of_several_files_is_passed_over_with_the_reason(tmp_path):
    write_csv(tmp_path / "good.csv", ["id", "sku"], [[1, 2]])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
        archive.writestr("b.csv", "a,b\n1,2\n")

    assert "holds 2 files" in found_in(tmp_path).passed_over["all.zip"]


def test_a_text_whose_name_says_nothing_of_its_delimiter_is_read_by_the_one_it_has(tmp_path):
    (tmp_path / "sales.txt").write_text("id,sku\n1,a\n2,b\n")
    (tmp_path / "SALES2.CSV").write_text("id,name\n1,a\n2,b\n")

    tables = {table.name: table for table in found_in(tmp_path).tables}

    assert tables["sales.txt"].reading["delimiter"] == ","
    for name, table in tables.items():
        how = TableSource.model_validate({**table.reading, "columns": {}})
        assert len(read_file(tmp_path / name, table.columns, how)) == 2


def test_a_list_of_objects_within_a_document_is_found(tmp_path):
    (tmp_path / "export.json").write_text(json.dumps({"data": {"items": [{"sku": "a", "at": {"city": "X"}}] * 3}}))

    (table,) = found_in(tmp_path).tables

    assert (table.columns, table.rows, table.whole) == (["sku", "at.city"], 3, True)


def test_a_folder_in_parts_is_one_table_and_a_lake_without_its_reader_is_told(tmp_path):
    for year in (2024, 2025):
        (tmp_path / "sales" / f"year={year}").mkdir(parents=True)
        FRAME.to_parquet(tmp_path / "sales" / f"year={year}" / "part.parquet")
    (tmp_path / "delta" / "_delta_log").mkdir(parents=True)
    FRAME.to_parquet(tmp_path / "delta" / "part.parquet")

    found = found_in(tmp_path)

    (table,) = found.tables
    assert (table.reading, table.rows) == ({"file": "sales"}, 6)
    assert table.columns == ["sku", "label", "year"]
    assert list(found.passed_over) == ["delta"]


def test_a_text_of_which_only_later_lines_are_not_ascii_is_in_the_encoding_of_those(tmp_path):
    lines = ["id;name"] + [f"{at};a plain name of product {at}" for at in range(500_000)] + ["1;Crème"] * 5_000
    (tmp_path / "large.csv").write_text("\n".join(lines) + "\n", encoding="cp1252")

    (table,) = found_in(tmp_path).tables

    assert table.reading["encoding"] == "cp1252"
