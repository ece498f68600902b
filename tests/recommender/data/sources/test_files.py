"""Foreign files: every cell as it stands there, and no row's cells in another's."""

import gzip
import json
import logging
import lzma
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import read_file
from recommender.data.sources.reading import delimited
from recommender.data.sources.reading.delimited import read_delimited
from recommender.data.sources.reading.plain_text import read_plain


def read(path: Path, *columns: str, **options: Any) -> list[list[Any]]:
    how = checked(TableSource, {"file": path.name, "columns": {"name": "name"}, **options}, where="test")
    frame = read_file(path, columns, how).astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str | bytes, name: str = "x.csv") -> Path:
        path = tmp_path / name
        raw = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write


WORDS = ["NA", "None", "null", "NaN", "n/a", "nan", "NULL", "N/A", "007", "+7", "1e5", "True", "inf", "12.50", "-"]


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.tsv", "x.jsonl"])
def test_words_are_words_and_only_an_empty_cell_is_missing(file, name):
    mark = "\t" if name == "x.tsv" else ","
    if name == "x.jsonl":
        text = "".join(json.dumps({"id": word, "name": word}) + "\n" for word in WORDS)
    else:
        text = f"id{mark}name\n" + "".join(f"{word}{mark}{word}\n" for word in WORDS)
    assert read(file(text, name), "id", "name") == [[word, word] for word in WORDS]
    if name != "x.jsonl":
        assert read(file(f'id{mark}name\n""{mark}\n{mark}""\n', name), "id", "name") == [[None, None]] * 2


def test_quotes_that_enclose_cells_are_no_text(file):
    path = file('id,name\r\n1,"Glow, ""deep""\nlayer"\r\n"2","Gel"\r\n\r\n3,12" brush\r\n')
    assert read(path, "id", "name") == [["1", 'Glow, "deep"\nlayer'], ["2", "Gel"], ["3", '12" brush']]


def test_lines_and_rows_that_are_not_as_many_are_told(file, caplog):
    caplog.set_level(logging.INFO, "infrastructure.progress")
    read(file('id,name\n1,"two\nlines"\n'), "id")
    assert caplog.records[-1].figures == {"file": "x.csv", "rows": 1, "lines": 2}


@pytest.mark.parametrize(
    "rows",
    [
        ['1\t"Glow" Serum\taqua', "2\tGel\tglycerin"],
        ['1\t"Best cream\taqua', "2\tGel\tglycerin", '3\t"Second\tparfum'],
        ['1\t"Best cream\taqua', '2\tGel"\tglycerin', "3\tMask\tkaolin"],
        ['1\t"Best cream\taqua', "2\tGel\tglycerin"],
        ['1\t5" and 6"\taqua', '2\t"\tglycerin'],
    ],
)
@pytest.mark.parametrize("name", ["x.tsv", "x.csv"])
def test_quotes_that_are_text_join_no_rows(file, rows, name):
    path = file("\n".join(["id\tname\tlabel", *rows]) + "\n", name)
    found = read(path, "id", "name", "label", delimiter="\t")
    assert found == [row.split("\t") for row in rows]
    assert read(path, "id", "name", "label", delimiter="\t", quoting="none") == found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,name,label\n"1","Glow" Serum,aqua\n2,"Gel",x\n', 2),
        ('id,name,label\n1,Gel,x\n2,"Glow,x\n3,"Mask, clay",x\n', 3),
        ("id,name,label\n1,Gel,x\n2,Gel\n", 3),
        ("id,name,label\n1,Gel,x\n\n2,Nice\ncream,x\n", 4),
        ("id,name,label\n1,Gel,x,y\n", 2),
        ("id,name,label\n1,Gel,x\n2,Ni\rce,x\n", 3),
        ("id,name,label\n1,Gel\0,x\n", 2),
        ("id,name,label\n1,Gel,x\n\ufeffid,name,label\n", 3),
        (b"id,name,label\n1,Gel,x\n2,Cr\xe8me,x\n", 3),
    ],
)
def test_a_line_that_does_not_fit_stops_the_run_by_its_number(file, text, line):
    with pytest.raises(DataError, match=rf"(?s)cannot be read.*x\.csv, line {line}\b.*expected: "):
        read(file(text), "id", "name", "label")


def test_a_told_quoting_is_kept_to(file):
    path = file('id,name\n1,"say \\"hi\\""\n2,\\N\n')
    with pytest.raises(DataError, match=r"line 2.*|quoting: backslash"):
        read(path, "id", "name")
    assert read(path, "id", "name", quoting="backslash") == [["1", 'say "hi"'], ["2", "\\N"]]
    with pytest.raises(DataError, match="line 3"):
        read(file('id,name\n1,"a"\n2,"b"c\n'), "id", "name", quoting="double")


def test_cells_beyond_the_header_may_be_empty(file):
    assert read(file("id,name\n1,Gel,,\n2,Mask,\n"), "id", "name") == [["1", "Gel"], ["2", "Mask"]]


def test_a_mark_at_the_beginning_is_no_part_of_a_name(file):
    assert read(file("\ufeffid,name\n1,Gel\n"), "id") == [["1"]]
    assert read(file('\ufeff{"id": 1}\n', "x.jsonl"), "id") == [[1]]


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_of_two_columns_with_one_name_none_is_taken(tmp_path, file, name):
    if name == "x.csv":
        path = file("id,price,price\n1,2,3\n")
    else:
        path = tmp_path / name
        pq.write_table(pa.table([[1], [2], [3]], names=["id", "price", "price"]), path)
    assert read(path, "id") in ([["1"]], [[1]])
    with pytest.raises(DataError, match=r"(?s)Several columns.*price"):
        read(path, "price")


@pytest.mark.parametrize("line", ['{"id": 1, "id": 2}', '{"id": "\\ud800"}', "[1]", "[" * 100_000])
def test_a_line_of_json_that_can_be_read_in_two_ways_is_refused(file, line):
    with pytest.raises(DataError, match="line 2"):
        read(file(f'{{"id": "\\ud83d\\ude00"}}\n{line}\n', "x.jsonl"), "id")


def test_an_encoding_that_nobody_knows_is_told(file):
    with pytest.raises(DataError, match="utf-9"):
        read(file("id,name\n1,Gel\n"), "id", encoding="utf-9")


CELL = st.text(st.characters(exclude_characters="\0\r\ufeff", exclude_categories=["Cs"]), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_what_is_written_with_quotes_is_read_as_it_was(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("quoted") / "x.csv"
    pd.DataFrame(rows, columns=["id", "name"]).to_csv(path, index=False, quoting=1, lineterminator="\n")
    assert read(path, "id", "name", quoting="double") == [list(row) for row in rows]


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(*[st.text('a" ', min_size=1, max_size=5)] * 2), min_size=1, max_size=6))
def test_of_unquoted_rows_each_is_one_line_or_the_run_stops(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("unquoted") / "x.tsv"
    path.write_text("\n".join("\t".join(row) for row in [("id", "name"), *rows]) + "\n")
    try:
        found = read(path, "id", "name")
    except DataError:
        return
    # Quotes around whole cells may be no text.
    assert [[(cell or "").replace('"', "") for cell in row] for row in found] == [
        [cell.replace('"', "") for cell in row] for row in rows
    ]


LINES = st.text("ab,\t 7\n\r\\é\ufeff", max_size=30)


@settings(max_examples=300, deadline=None)
@given(
    text=LINES,
    above=st.lists(st.text("ab,\t 7é", max_size=5), max_size=3),
    name=st.sampled_from(["x.csv", "x.tsv.gz", "x.txt.xz"]),
    quoting=st.sampled_from([None, "double", "none"]),
)
def test_the_quick_way_reads_what_the_strict_one_does(tmp_path_factory, text, above, name, quoting):
    path = tmp_path_factory.mktemp("plain") / name
    rows = "\n".join([*above, f"id,name\n{text}"])
    raw = rows.replace(",", "," if "csv" in name else "\t").encode()
    path.write_bytes({".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix, bytes)(raw))
    told = {"file": name, "columns": {"name": "name"}, "quoting": quoting, "header": len(above) + 1}
    how = checked(TableSource, told, where="test")
    quick = read_plain(path, ["name", "id"], how)
    if quick is not None:
        with pytest.MonkeyPatch.context() as only_strict:
            only_strict.setattr(delimited, "read_plain", lambda *_: None)
            pd.testing.assert_frame_equal(quick, read_delimited(path, ["name", "id"], how))


def test_a_plain_file_is_read_the_quick_way(file):
    how = checked(TableSource, {"file": "x.csv", "columns": {"name": "name"}}, where="test")
    plain = read_plain(file("\ufeffid,name,id\r\n1,Gel,\r\n\r\n,NA,3\r\n"), ["name"], how)
    assert plain is not None
    assert plain["name"].tolist() == ["Gel", "NA"]


@pytest.mark.parametrize("text", ['id,name\n1,"Gel"\n', "id,name\n1\n", "id,name\n1,\0\n", "\nid,name\n1,Gel\n"])
def test_what_is_odd_is_left_to_the_strict_way(file, text):
    how = checked(TableSource, {"file": "x.csv", "columns": {"name": "name"}}, where="test")
    assert read_plain(file(text), ["name"], how) is None
