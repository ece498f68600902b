"""Ingest: a source file and every table it names, as raw tables under our column names."""

from pathlib import Path

import pandas as pd

from recommender.data.mapping import mapped
from recommender.data.raw import Origin, RawTables, storable
from recommender.data.reading import read_file
from recommender.data.source import Source, TableSource
from recommender.progress import timed
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate


def ingest(source: Path) -> RawTables:
    """Read the data set that the YAML file ``source`` describes.

    Raises:
        ConfigError: The YAML file is missing or wrong.
        DataError: A file of the data set is missing, malformed or empty, or lacks a column.
    """
    described = Source.load(source)
    if described.synthetic is not None:
        return RawTables(described.name, _made_up(described.synthetic))
    tables = described.tables.there()
    return RawTables(
        name=described.name,
        tables={name: _read(name, table, source.parent) for name, table in tables.items()},
        origins={name: _origin(table, source.parent) for name, table in tables.items()},
    )


def _made_up(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    with timed("synthetic shop made up") as figures:
        tables = {name: storable(name, table) for name, table in generate(settings).items()}
        figures["rows"] = sum(map(len, tables.values()))
    return tables


def _read(name: str, table: TableSource, folder: Path) -> pd.DataFrame:
    """The rows of one table, under our column names."""
    theirs = list(dict.fromkeys(column for how in table.columns.values() for column in how.read))
    with timed(f"{name} read") as figures:
        ours = storable(name, mapped(read_file(folder / table.file, theirs, table), name, table))
        figures["rows"] = len(ours)
    return ours


def _origin(table: TableSource, folder: Path) -> Origin:
    columns = {ours: ", ".join(how.read) for ours, how in table.columns.items() if how.read}
    return Origin(str(folder / table.file), columns)
