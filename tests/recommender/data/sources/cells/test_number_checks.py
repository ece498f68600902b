"""What is said of numbers that are written with other marks than the source says."""

import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.data.parsing.numbers import read_numbers
from recommender.data.sources.cells.number_checks import check_marks
from tests.support.shaped_tables import described


def test_large_numbers_are_written_out() -> None:
    texts = pd.Series(["1.250.000", "1.209.000"], dtype=object)
    with pytest.raises(DataError, match=r"reads 1\.250\.000 as 1250000$"):
        check_marks(texts, read_numbers(texts), None, described(), "unit_price")
