"""Words that stand for a missing value in a foreign table, as its source file names them."""

from recommender.data.parsing.cells import Cells, as_stripped_text


def present(cells: Cells, missing: tuple[str, ...]) -> Cells:
    """The cells, none where a word stands for a missing value."""
    if not missing:
        return cells
    gone = as_stripped_text(cells).isin(missing)
    # As objects, for whole numbers with a gap would become floats, and long ids lose digits.
    return cells.astype(object).mask(gone, None) if gone.any() else cells
