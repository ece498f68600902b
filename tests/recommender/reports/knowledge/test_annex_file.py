import csv
import io
import json

import pytest

from infrastructure.errors import DataError
from recommender.reports.knowledge.annex_file import AnnexFile

HEADINGS = [
    "Reference Number", "Chemical name / INN", "Name of Common Ingredients Glossary", "CAS Number", "Other",
    "Update date",
]  # fmt: skip
MARK = "The presence of the substance must be indicated in the\nlist of ingredients referred to in Article 19(1)(g)"
# Made up in the structure of the public export; none of these substances is real.
ROWS = [
    ["2a", "Zyxic acid", "ZYXIC ACID", "1-1-1", "", "01/01/2020"],
    ["12 a", "Zyxyl esters", "ZYXYL ALCOHOL / ETHYL ZYXATE, BUTYL ZYXATE (2)", "1-1-2", "", ""],
    ["13", "Moved or deleted", "", "", "", ""],
    ["14", "2-zyx (alpha-Zyxol)", "Zyxol; Beta- Zyxol; Zyxia Alba Flower/Leaf Oil;", "1-1-3", MARK, ""],
]


def written(folder, rows, name="COSING_Annex_III_v2.csv", sign=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows(rows)
    (folder / name).write_text(text.getvalue(), encoding=encoding)
    return folder / name


def test_entries_have_their_numbers_names_and_text(tmp_path):
    found = AnnexFile.read(written(tmp_path, [HEADINGS, *ROWS]))
    assert found.annex == "III"
    assert [*found.entries] == ["2a", "12a", "14"]
    assert found.entries["12a"].names == ("ZYXYL ALCOHOL", "ETHYL ZYXATE", "BUTYL ZYXATE")
    assert found.entries["14"].names == ("Zyxol", "Beta-Zyxol", "Zyxia Alba Flower/Leaf Oil")
    assert "in the list of ingredients referred to in article" in found.entries["14"].text


@pytest.mark.parametrize(
    "above",
    [
        [["European Commission"], [], ["ANNEX III", "", "", "", "", ""]],
        [["LIST OF SUBSTANCES; last update 01/08/2026"]],
    ],
)
def test_titles_above_and_headings_repeated_on_each_page_are_passed_over(tmp_path, above):
    path = written(tmp_path, [*above, HEADINGS, *ROWS[:2], HEADINGS, ROWS[3]])
    assert [*AnnexFile.read(path).entries] == ["2a", "12a", "14"]


def test_headings_on_two_rows(tmp_path):
    upper = ["Reference\nNumber", "Substance identification", "", "", "Restrictions", "Update date"]
    lower = ["", *HEADINGS[1:5], ""]
    found = AnnexFile.read(written(tmp_path, [upper, lower, *ROWS, upper, lower, ["15", "", "Zyxene", "", "", ""]]))
    assert [*found.entries] == ["2a", "12a", "14", "15"]
    assert found.entries["14"].names[0] == "Zyxol"


def test_an_entry_on_several_rows_is_one(tmp_path):
    more = ["", "", "Zyxone", "", "", ""]
    found = AnnexFile.read(written(tmp_path, [HEADINGS, ROWS[3], more, ["14", "", "Zyxane", "", "", ""]]))
    assert found.entries["14"].names[-2:] == ("Zyxone", "Zyxane")


@pytest.mark.parametrize(
    ("name", "sign", "encoding"),
    [("annex-III.csv", ";", "utf-8-sig"), ("Annex III.tsv", "\t", "utf-8"), ("my annex_III.txt", ",", "cp1252")],
)
def test_the_same_in_any_text(tmp_path, name, sign, encoding):
    rows = [HEADINGS, *ROWS, ["15", "Zyxé", "Zyxé", "", "", ""]]
    found = AnnexFile.read(written(tmp_path, rows, name, sign, encoding))
    assert found.entries["15"].names == ("Zyxé",)
    assert len(found.entries) == 4


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_same_in_json(tmp_path, wrapped):
    listed = [dict(zip(HEADINGS, row, strict=True)) for row in ROWS]
    path = tmp_path / "annex_V.json"
    path.write_text(json.dumps({"count": 4, "results": listed} if wrapped else listed))
    found = AnnexFile.read(path)
    assert (found.annex, [*found.entries]) == ("V", ["2a", "12a", "14"])


def test_a_file_of_the_service_has_chemical_names_and_says_which_annex_it_is(tmp_path):
    rows = [["refNo", "annexNo", "inciName", "casNo"], ["7", "VI", "2-zyxyl benzoate; Zyxal", "1-1-1"]]
    found = AnnexFile.read(written(tmp_path, rows, "download.csv"))
    assert found.annex == "VI"
    assert found.entries["7"].names == ()
    assert found.entries["7"].chemical == ("2-zyxyl benzoate", "Zyxal")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("Annex_III.csv", b"a,b\n1,2\n", "headings"),
        ("Annex_III.csv", b"", "headings"),
        ("Annex_III.csv", b"Reference Number,Chemical name\nx,y\n", "no entries"),
        ("Annex_III.json", b"{", "cannot be read"),
        ("Annex_III.json", b"[1]", "cannot be read"),
        ("Annex_III.xlsx", b"PK", "cannot be read"),
        ("COSING.csv", b"Reference Number,Chemical name\n1,y\n", "which annex"),
    ],
)
def test_a_file_that_is_no_annex_is_told_with_what_would_be_right(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=problem) as told:
        AnnexFile.read(tmp_path / name)
    assert told.value.where == str(tmp_path / name)
    assert told.value.expected


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        AnnexFile.read(tmp_path / "Annex_III.csv")
