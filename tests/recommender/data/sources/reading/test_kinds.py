"""Compressed texts, JSON documents, Avro, and tables that are folders: the same rows from each."""

import bz2
import contextlib
import datetime as dt
import gzip
import json
import lzma
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastavro
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import read_file
from recommender.data.sources.reading import frames

TEXT = 'id,name\n001,Gel\n002,"Balm, mild"\n'
ROWS = [["001", "Gel"], ["002", "Balm, mild"]]
OBJECTS = [{"id": "001", "name": "Gel"}, {"id": "002", "name": "Balm, mild"}]


def zstandard(raw: bytes) -> bytes:
    return pa.Codec("zstd").compress(raw, asbytes=True)


COMPRESSIONS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".lzma": lambda raw: lzma.compress(raw, format=lzma.FORMAT_ALONE),
    ".zst": zstandard,
    ".zstd": zstandard,
}


def read(path: Path, columns: tuple[str, ...] = ("id", "name"), **options: Any) -> list[list[Any]]:
    how = checked(TableSource, {"file": path.name, "columns": {}, **options}, where="test")
    frame = read_file(path, columns, how).astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def archive(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


@pytest.mark.parametrize("suffix", COMPRESSIONS)
@pytest.mark.parametrize("kind", ["csv", "tsv", "txt", "jsonl", "ndjson", "json"])
def test_every_text_may_be_compressed_in_every_way(tmp_path: Path, suffix: str, kind: str) -> None:
    lines = "\n".join(map(json.dumps, OBJECTS))
    tabs = "id\tname\n001\tGel\n002\tBalm, mild\n"
    text = {"csv": TEXT, "jsonl": lines, "ndjson": lines, "json": json.dumps(OBJECTS)}.get(kind, tabs)
    path = tmp_path / f"x.{kind}{suffix}"
    path.write_bytes(COMPRESSIONS[suffix](text.encode()))
    assert read(path) == ROWS


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_parts_that_were_compressed_one_by_one_are_read_as_one(tmp_path: Path, suffix: str) -> None:
    if suffix == ".lzma":
        pytest.skip("the old format has no end by which a second part could be told")
    path = tmp_path / f"x.csv{suffix}"
    path.write_bytes(COMPRESSIONS[suffix](b"id,name\n001,Gel\n") + COMPRESSIONS[suffix](b"003,Oil\n"))
    assert read(path) == [["001", "Gel"], ["003", "Oil"]]


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_half_a_compressed_file_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.csv{suffix}"
    whole = COMPRESSIONS[suffix](("id,name\n" + "".join(f"{n},{n * 7919 % 1000}\n" for n in range(3000))).encode())
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"cannot be read|lacks a column"):
        read(path)


HEADS = [
    b"",
    b"id,name\n",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"PAR1",
    b"Obj\x01",
    b"\xff\xfe",
    b"<html>",
    b"[{",
    b'{"a":[',
]
SUFFIXES = ["csv", "txt", "json", "jsonl", "xlsx", "xls", "xlsb", "ods", "avro", "parquet", "zip"]
SUFFIXES += [f"csv{suffix}" for suffix in COMPRESSIONS]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from(HEADS),
    rest=st.one_of(st.binary(max_size=60), st.text(';,\t|"\nidname1 ü\0', max_size=40).map(str.encode)),
    suffix=st.sampled_from(SUFFIXES),
    header=st.integers(1, 3),
)
def test_whatever_the_bytes_are_a_file_is_read_or_its_fault_is_told(
    tmp_path: Path, head: bytes, rest: bytes, suffix: str, header: int
) -> None:
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(head + rest)
    # Any other error would be a bug.
    with contextlib.suppress(DataError):
        read(path, header=header)


def test_an_archive_of_one_file_is_that_file(tmp_path: Path) -> None:
    assert read(archive(tmp_path / "x.csv.zip", {"orders.csv": TEXT})) == ROWS
    assert read(archive(tmp_path / "y.zip", {"data/orders.csv": TEXT, "__MACOSX/data/._orders.csv": "x"})) == ROWS
    assert read(archive(tmp_path / "z.zip", {"orders.jsonl": "\n".join(map(json.dumps, OBJECTS))})) == ROWS


def test_an_archive_of_several_files_names_them(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"(?s)holds 2 files.*a\.csv, b\.csv"):
        read(archive(tmp_path / "x.zip", {"a.csv": TEXT, "b.csv": TEXT}))
    with pytest.raises(DataError, match="holds 0 files"):
        read(archive(tmp_path / "y.zip", {}))


def test_json_documents_are_a_list_or_hold_one(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for value in (OBJECTS, {"items": OBJECTS, "page": 1}, {"data": {"items": OBJECTS}, "tags": ["a"]}):
        path.write_text(json.dumps(value, indent=1))
        assert read(path) == ROWS
    path.write_text("\n".join(map(json.dumps, OBJECTS)))
    assert read(path) == ROWS
    path.write_text(json.dumps([{"id": 1}, {"name": {"en": "Gel"}}]))
    assert read(path) == [[1, None], [None, {"en": "Gel"}]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": [{"id": 1}], "b": [{"id": 2}]}', "several lists of objects.*a, b"),
        ('{"a": 1}', "no list of objects"),
        ("[1, 2]", "no list of objects"),
        ('[{"id": 1}, {"id": 2]', "is no JSON"),
        ('[{"id": 1, "id": 2}]', "twice"),
        ('[{"id": "\\ud800"}]', "is no JSON"),
        ("[]", "no rows"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_json_that_can_be_read_in_two_ways_or_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(DataError, match=f"(?s){said}"):
        read(path)


def test_avro_keeps_times_decimals_and_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "ROWS", 2)
    schema = {
        "type": "record",
        "name": "Sale",
        "fields": [
            {"name": "id", "type": ["null", "long"]},
            {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        ],
    }
    path = tmp_path / "x.avro"
    time = dt.datetime(2025, 1, 2, 3, tzinfo=dt.UTC)
    with path.open("wb") as file:
        fastavro.writer(file, schema, [{"id": key, "time": time} for key in (2**60 + 1, None, 3)])
    assert [row[0] for row in read(path, ("id", "time"))] == [2**60 + 1, None, 3]
    assert {pd.Timestamp(row[1]) for row in read(path, ("id", "time"))} == {pd.Timestamp(time)}
    with pytest.raises(DataError, match=r"(?s)lacks a column.*id, time"):
        read(path, ("name",))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="cannot be read"):
        read(path, ("id",))


def test_a_folder_of_parquet_files_is_one_table_with_its_keys(tmp_path: Path) -> None:
    for year in (2024, 2025):
        (tmp_path / "sales" / f"year={year}").mkdir(parents=True)
        part = pa.table({"id": pa.array([year * 2**40 + 1, None], pa.int64()), "name": ["Gel", None]})
        pq.write_table(part, tmp_path / "sales" / f"year={year}" / "part-0.parquet")
    (tmp_path / "sales" / "_SUCCESS").touch()
    found = read(tmp_path / "sales", ("year", "id", "name"))
    assert found == [[y, i, n] for y in (2024, 2025) for i, n in ((y * 2**40 + 1, "Gel"), (None, None))]
    (tmp_path / "empty").mkdir()
    pq.write_table(
        pa.table({"id": pa.array([], pa.int64()), "name": pa.array([], pa.string())}), tmp_path / "empty" / "a.parquet"
    )
    with pytest.raises(DataError, match="no rows"):
        read(tmp_path / "empty")
    (tmp_path / "none").mkdir()
    with pytest.raises(DataError, match=r"(?s)holds no table.*_delta_log"):
        read(tmp_path / "none")


def test_of_the_first_rows_no_more_frames_are_made_than_they_need() -> None:
    made = list[int]()

    def rows() -> Iterator[tuple[int]]:
        for number in range(10):
            made.append(number)
            yield (number,)

    found = frames.together(frames.frames_of(rows(), ["id"]), 3)
    assert found["id"].tolist() == [0, 1, 2]
    with pytest.MonkeyPatch.context() as small:
        small.setattr(frames, "ROWS", 2)
        made.clear()
        frames.together(frames.frames_of(rows(), ["id"]), 3)
    assert made == [0, 1, 2, 3]


def test_a_delta_table_is_read_as_it_is_now(tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake")
    deltalake.write_deltalake(str(tmp_path / "t"), pa.table({"id": ["000"], "name": ["Old"]}))
    deltalake.write_deltalake(str(tmp_path / "t"), pa.Table.from_pylist(OBJECTS), mode="overwrite")
    assert read(tmp_path / "t") == ROWS
    with pytest.raises(DataError, match=r"(?s)lacks a column.*id, name"):
        read(tmp_path / "t", ("price",))


def test_an_iceberg_table_is_read_as_it_is_now(tmp_path: Path) -> None:
    catalogues = pytest.importorskip("pyiceberg.catalog.sql")
    catalogue = catalogues.SqlCatalog("x", uri="sqlite:///:memory:", warehouse=f"file://{tmp_path}")
    catalogue.create_namespace("n")
    table = catalogue.create_table("n.t", schema=pa.schema([("id", pa.string()), ("name", pa.string())]))
    table.append(pa.Table.from_pylist(OBJECTS[:1]))
    table.append(pa.Table.from_pylist(OBJECTS[1:]))
    assert sorted(read(Path(table.location().removeprefix("file://")))) == ROWS


@pytest.mark.parametrize(("folder", "library"), [("_delta_log", "deltalake"), ("metadata", "pyiceberg")])
def test_a_damaged_table_is_told(tmp_path: Path, folder: str, library: str) -> None:
    pytest.importorskip(library)
    (tmp_path / "t" / folder).mkdir(parents=True)
    (tmp_path / "t" / folder / "1.metadata.json").write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "t")


@pytest.mark.parametrize(("folder", "library"), [("_delta_log", "deltalake"), ("metadata", "pyiceberg")])
def test_without_its_library_a_table_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, library: str
) -> None:
    for name in (library, f"{library}.table"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "t" / folder).mkdir(parents=True)
    (tmp_path / "t" / folder / "1.metadata.json").touch()
    with pytest.raises(DataError, match=f"(?s)needs the library {library}.*pip install '{library}"):
        read(tmp_path / "t")
