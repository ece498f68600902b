import pytest

from infrastructure.errors import ConfigError, DataError
from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.schema import Annex, Ingredient, IngredientFamily
from recommender.reports.knowledge.annex_check import (
    AnnexComparison,
    check_record,
    compare_with_annex,
    recorded_annexes,
)
from recommender.reports.knowledge.annex_file import AnnexEntry, AnnexFile
from tests.recommender.reports.knowledge.test_annex_file import HEADINGS, MARK, written
from tests.support.command_line import beauty

RECORD = Annex(
    edition="2026-08",
    last=20,
    marks="list of ingredients",
    covers=("allergens",),
    families={"allergens": {"3": ("zyxol", "beta-zyxol"), "4": ("zyxia oil",)}, "soaps": {"5": ("sodium zyxate",)}},
)
KNOWLEDGE = Knowledge(
    {"zyxol": Ingredient(synonyms=("2-zyx",))},
    {
        "allergens": IngredientFamily(
            meaning="x", members=("zyxol", "beta-zyxol", "unheard"), patterns=("zyxia.*oil",)
        ),
        "soaps": IngredientFamily(meaning="x", patterns=("zyxate",)),
    },
    {},
)
SAME = {
    "1": ("ZYXIC ACID",),
    "3": ("Zyxol", "BETA-ZYXOL"),
    "4": ("Zyxia Oil",),
    "5": ("SODIUM ZYXATE",),
}
MARKED = {"3", "4"}


def compared(names, marked=frozenset(MARKED), chemical=None):
    texts = {number: "the list of ingredients of" if number in marked else "none" for number in names}
    chemistry = chemical or {}
    entries = {
        number: AnnexEntry(number, found, chemistry.get(number, ()), texts[number]) for number, found in names.items()
    }
    return AnnexComparison.between(KNOWLEDGE, RECORD, AnnexFile("III", entries))


def test_the_edition_of_the_record_changes_nothing():
    found = compared(SAME)
    assert (found.entries, found.checked) == (4, 3)
    assert [*found.uncovered, *found.added, *found.missing, *found.changed] == []
    assert found.unnamed == ("unheard",)


def test_a_new_allergen_that_no_family_knows_is_not_covered():
    found = compared(SAME | {"21": ("Wuvene",)}, MARKED | {"21"})
    assert found.uncovered == ("21 Wuvene (allergens)",)
    assert found.added == ("21 Wuvene (no family)",)


def test_a_new_allergen_that_the_family_knows_is_new_alone():
    found = compared(SAME | {"7": ("Zyxia Rubra Oil",)}, MARKED | {"7"})
    assert found.uncovered == ()
    assert found.added == ("7 Zyxia Rubra Oil (allergens)",)


def test_a_new_entry_that_is_not_marked_is_told_and_need_not_be_covered():
    found = compared(SAME | {"21": ("Wuvene",), "8": ("Old",)})
    assert (found.uncovered, found.added) == ((), ("21 Wuvene (no family)",))


def test_a_new_name_of_a_known_entry_is_a_change_and_must_be_covered():
    found = compared(SAME | {"4": ("Zyxia Oil", "Wuvia Extract")})
    assert found.changed == ("4 now also Wuvia Extract",)
    assert found.uncovered == ("4 Wuvia Extract (allergens)",)


def test_an_entry_that_belongs_to_a_family_in_part_needs_one_name():
    assert compared(SAME | {"5": ("Sodium Zyxate", "Wuvene")}).uncovered == ()
    assert compared(SAME | {"5": ("Wuvene",)}).uncovered == ("5 Wuvene (soaps)",)


def test_an_entry_that_is_gone_and_one_that_is_no_longer_marked():
    without = {number: names for number, names in SAME.items() if number != "5"}
    found = compared(without, MARKED - {"4"})
    assert found.missing == ("5 (soaps)",)
    assert found.changed == ("4 no longer marked",)


def test_an_entry_with_chemical_names_alone_is_known_by_its_number():
    bare = dict.fromkeys(SAME, ())
    found = compared(bare | {"21": (), "22": ()}, {"21", "22"}, {"21": ("1-wuv",), "22": ("2-zyx",)})
    assert found.uncovered == ("21 1-wuv (allergens)",)
    assert found.missing == ()


def test_a_record_that_the_families_do_not_fit_is_refused():
    with pytest.raises(ConfigError, match="lacks it") as told:
        check_record(KNOWLEDGE, {"III": Annex(edition="2026-08", last=1, families={"soaps": {"9": ("wuvene",)}})})
    assert (told.value.field, told.value.value) == ("III.families.soaps.9", "wuvene")
    with pytest.raises(ConfigError, match="no such family"):
        check_record(KNOWLEDGE, {"III": Annex(edition="2026-08", last=1, families={"envy": {}})})


def recorded_file(folder, *more):
    """The record of Annex III as a file, with more rows."""
    rows = []
    for family, entries in recorded_annexes()["III"].families.items():
        mark = MARK if family == "fragrance allergens" else ""
        rows += [[number, "", "; ".join(names), "", mark, ""] for number, names in entries.items()]
    return written(folder, [["ANNEX III"], HEADINGS, *rows, *more])


def test_our_own_record_as_a_file_is_covered(tmp_path):
    found = compare_with_annex(recorded_file(tmp_path))
    assert [*found.uncovered, *found.added, *found.missing, *found.changed] == []
    assert found.checked >= 75
    assert "| NOT COVERED: named there, not in the family | 0 |  |" in found.told()


def test_an_annex_that_no_family_follows(tmp_path):
    path = written(tmp_path, [HEADINGS, ["1", "Zyxane", "", "", "", ""]], "Annex_II.csv")
    with pytest.raises(DataError, match="No family follows"):
        compare_with_annex(path)


@pytest.mark.parametrize(("more", "code"), [([], 0), ([["387", "", "Wuvene", "", MARK, ""]], 1)])
def test_the_command_fails_where_an_entry_is_not_covered(tmp_path, monkeypatch, more, code):
    from recommender.reports.knowledge import report

    monkeypatch.setattr(report, "validate", lambda *_: "checked")
    done = beauty("validate-knowledge", "--annex", str(recorded_file(tmp_path, *more)))
    assert done.exit_code == code
    assert done.stdout.startswith("checked\n\n| against Annex III |")
    assert ("387 Wuvene (fragrance allergens)" in done.stdout) == bool(more)
