"""Whether a column of written numbers has the marks that its source says: others misread it without any error."""

from collections.abc import Callable
from typing import Final

from infrastructure.errors import DataError
from recommender.data.parsing.cells import Cells
from recommender.data.parsing.currencies import WITHOUT_MINOR, code_of
from recommender.data.parsing.number_marks import Marks, likely_marks
from recommender.data.parsing.numbers import read_numbers
from recommender.data.sources.description.table_source import TableSource

FEW: Final = 0.01
"""Up to this share of cells that only other marks read are single mistakes."""

_EXAMPLES: Final = 3
_DIGITS: Final = "[0-9]"
_ONE_GROUP: Final = "[0-9][.,][0-9]{3}(?![0-9])"
_MARKED: Final = "[0-9][.,][0-9]"


def check_marks(
    texts: Cells, numbers: Cells, signs: Callable[[], Cells] | None, source: TableSource, column: str
) -> None:
    """Refuse marks that misread a column, or leave much of it unread while others read all.

    Args:
        texts: The cells that stand as text, missing where they are empty.
        numbers: What the source's marks make of them.
        signs: Finds the currency of each cell, of a column of prices.
        source: The table's.
        column: Ours, for the error.

    Raises:
        DataError: The error names the key to add.
    """
    unread = int((numbers.isna() & texts.notna()).sum())
    much = unread > FEW * int(texts.notna().sum())
    if is_undeclared(source) or much:
        # Most columns have few different numbers, and all of one kind.
        check_different(texts.drop_duplicates(), numbers, signs, source, column, much=much)


def is_undeclared(source: TableSource) -> bool:
    """Whether a source says nothing of its marks."""
    return source.decimal == "." and source.thousands is None


def check_different(
    different: Cells,
    numbers: Cells,
    signs: Callable[[], Cells] | None,
    source: TableSource,
    column: str,
    *,
    much: bool,
) -> None:
    """The same of the different cells, of which it is known whether too ``much`` of the column is unread.

    Raises:
        DataError: The error names the key to add.
    """
    undeclared = is_undeclared(source)
    if not (undeclared or much):
        return
    known = different[different.str.contains(_DIGITS, na=False)]
    if known.empty or not known.str.contains(_MARKED).any():
        return
    marks = likely_marks(known, whole=bool(known.str.contains(_ONE_GROUP).any()) and is_whole(signs))
    if marks is not None and (marks.decimal, marks.thousands or source.thousands_mark) != (
        source.decimal,
        source.thousands_mark,
    ):
        misread = undeclared and marks.decimal != source.decimal
        _refuse_misread(known, numbers, marks, source, column, much=much, misread=misread)
    elif marks is None and undeclared and numbers[known.index].isna().all():
        _refuse_undecided(known, source, column)


def _refuse_misread(
    known: Cells, numbers: Cells, marks: Marks, source: TableSource, column: str, *, much: bool, misread: bool
) -> None:
    read = read_numbers(known, marks.decimal, marks.thousands)
    before = numbers[known.index]
    lost = before.isna() & read.notna() & much
    wrong = lost | (misread & before.notna() & read.notna() & (before != read))
    if not wrong.any() or read.notna().mean() < 1 - FEW:
        return
    raise DataError(
        f"{int(wrong.sum()):,} of {len(known):,} different numbers have other marks than this table is said to have.",
        where=source.place,
        field=column,
        value=", ".join(known[wrong].head(_EXAMPLES)),
        expected=f"{_advice(marks, known)}, which reads {known[wrong].iloc[0]} as {read[wrong].iloc[0]:.12g}",
    )


def _refuse_undecided(known: Cells, source: TableSource, column: str) -> None:
    if likely_marks(known, whole=True) is None or read_numbers(known, ".", ",").isna().any():
        return
    raise DataError(
        "No number of this column can be read: its comma may stand between thousands or before decimals.",
        where=source.place,
        field=column,
        value=", ".join(known.head(_EXAMPLES)),
        expected="'thousands: \",\"' or 'decimal: \",\"' in the table, whichever is meant",
    )


def _advice(marks: Marks, known: Cells) -> str:
    """The key to add: where a comma is seen before decimals that one, else the mark between thousands."""
    if marks.decimal == "," and known.str.contains(",", regex=False).any():
        return "add 'decimal: \",\"' to the table"
    return f"add 'thousands: \"{marks.thousands}\"' to the table" if marks.thousands else "add 'decimal: \".\"'"


def is_whole(signs: Callable[[], Cells] | None) -> bool:
    """Whether all prices are in a currency without a minor unit."""
    there = [] if signs is None else signs().dropna().unique()
    return len(there) > 0 and all(code_of(sign) in WITHOUT_MINOR for sign in there)
