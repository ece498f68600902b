"""Rows of properties as one row for each thing that they are of.

Only the properties that are asked for are kept, and of each the last value so far: memory grows with the things, not
with the rows, which may come in parts.
"""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from infrastructure.errors import DataError
from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.parsing.pandas_parsing import id_keys, iso_times
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.cells.times.formats import parsed
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.shaping.list_columns import ListColumns, added_up
from recommender.data.sources.shaping.names import root_of
from recommender.data.sources.shaping.repeated import by_value

_NOTHING: Final[Any] = None
_KEY: Final = "key"
_PROPERTY: Final = "property"
_VALUE: Final = "value"
_TIME: Final = "time"
_SAID: Final = "said"
"""The key as it stood where it was seen first."""


class Pivoter:
    """Collects the properties of a table's rows.

    Args:
        source: A table with ``pivot``.
        asked: The names that may be properties; with a dot also parts of their values.
        lists: Those that become lists: all values of a property count.
    """

    def __init__(self, source: TableSource, asked: Sequence[str], lists: ListColumns) -> None:
        assert source.pivot is not None, "only such a table is pivoted"  # noqa: S101 (the caller sees to it)
        self._how, self._source = source.pivot, source
        self._asked = [name for name in asked if name != source.pivot.key]
        self._keys = pd.DataFrame({_KEY: [], _SAID: []}, dtype=object)
        self._values: pd.DataFrame | None = None
        self._lists = lists
        self.seen = dict[str, None]()

    def add(self, part: pd.DataFrame) -> None:
        """Take in rows, which are later than all before where no time says otherwise.

        Raises:
            DataError: Their times cannot be read.
        """
        names = by_value(present(part[self._how.property], self._source.missing), as_stripped_text)
        self.seen |= dict.fromkeys(names.dropna().unique())
        keys = by_value(part[self._how.key], id_keys)
        said = pd.DataFrame({_KEY: keys, _SAID: part[self._how.key]}, dtype=object).drop_duplicates(_KEY)
        self._keys = pd.concat([self._keys, said], ignore_index=True).drop_duplicates(_KEY, ignore_index=True)
        wanted = names.isin({root_of(name, self.seen) for name in self._asked} - {None})
        rows = part[wanted]
        found = pd.DataFrame(
            {_KEY: keys[wanted], _PROPERTY: names[wanted], _VALUE: rows[self._how.value]}, dtype=object
        )
        if self._how.time is not None:
            found = found.assign(**{_TIME: self._times(rows[self._how.time])})
        together = found if self._values is None else pd.concat([self._values, found], ignore_index=True)
        self._values = self._counting(together)

    def rows(self) -> pd.DataFrame:
        """One row for each key, in the order in which the keys came; the properties are its columns.

        A property that is asked for and that no row has is no column.
        """
        found = {self._how.key: self._keys[_SAID]}
        values = self._values if self._values is not None else pd.DataFrame({_PROPERTY: [], _KEY: [], _VALUE: []})
        for name, cells in values.groupby(_PROPERTY, sort=False):
            by_key = added_up(cells[_VALUE], cells[_KEY], self._lists.get(str(name)))
            found[str(name)] = by_key.reindex(pd.Index(self._keys[_KEY], dtype=object)).reset_index(drop=True)
        table = pd.DataFrame(found).astype(object)
        return table.where(table.notna(), _NOTHING)

    def _counting(self, found: pd.DataFrame) -> pd.DataFrame:
        """The values that count: of a property of one key the last, of one that becomes a list all different ones."""
        added = found[_PROPERTY].isin([*filter(self._is_list, found[_PROPERTY].unique())])
        values = found[added]
        different = ~pd.DataFrame({**values[[_KEY, _PROPERTY]], _VALUE: values[_VALUE].map(repr)}).duplicated()
        return pd.concat([values[different], _last(found[~added])]).sort_index()

    def _is_list(self, prop: str) -> bool:
        """Whether a property, or what is inside of it, becomes a list."""
        return any(root_of(name, (prop,)) == prop for name in self._lists)

    def _times(self, cells: Cells) -> Cells:
        """The times as the source's format reads them, as numbers or as ISO 8601."""
        texts = as_stripped_text(cells)
        times = _as_numbers(texts, self._how.format)
        known = texts.dropna()
        if len(known) and times[known.index].isna().all():
            raise DataError(
                "No time of the properties can be read, so it is not known which value is the last.",
                where=self._source.place, field=f"pivot.time ({self._how.time})", value=", ".join(known.head(3)),
                expected="numbers, ISO 8601 or a format: add 'format' to 'pivot', such as format: '%d.%m.%Y'",
            )  # fmt: skip
        return times


def _as_numbers(texts: Cells, form: str | None) -> Cells:
    """Times as numbers that grow with them, missing where they cannot be read; float64."""
    numbers = pd.to_numeric(texts, errors="coerce").astype("float64")
    if form is None and numbers.notna().any():
        return numbers
    times = iso_times(texts) if form is None else parsed(texts, form)
    return times.dt.tz_localize(None).astype("int64").astype("float64").where(times.notna())


def _last(found: pd.DataFrame) -> pd.DataFrame:
    """Of the values of one property of one key the last; those without a time are before all others."""
    ordered = found.sort_values(_TIME, kind="stable", na_position="first") if _TIME in found else found
    return ordered.drop_duplicates([_KEY, _PROPERTY], keep="last").sort_index()
