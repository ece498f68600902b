"""Ingest: a source file and every table it names, as raw tables under our column names."""

from pathlib import Path

import pandas as pd

from infrastructure.progress import timed
from recommender.data.raw_tables import Origin, RawTables, storable
from recommender.data.sources.fetch import fetch
from recommender.data.sources.remote_files import is_remote
from recommender.data.sources.source import Source, TableSource
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate


def ingest(source: Path, store: Path | None = None) -> RawTables:
    """Read the data set that the YAML file ``source`` describes.

    Args:
        source: The YAML file.
        store: Folder in which tables with a cursor are kept, so that only what is new is asked for; without it
            everything is read.

    Raises:
        ConfigError: The YAML file is missing or wrong, or the environment lacks what it names.
        DataError: A file, database or API of the data set is missing, malformed or empty, or lacks a column.
    """
    described = Source.load(source)
    if described.synthetic is not None:
        return RawTables(described.name, _made_up(described.synthetic))
    tables = described.tables.there()
    return RawTables(
        name=described.name,
        tables={name: _read(name, table, source.parent, store) for name, table in tables.items()},
        origins={name: _origin(table, source.parent) for name, table in tables.items()},
    )


def _made_up(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    with timed("synthetic shop made up") as figures:
        tables = {name: storable(name, table) for name, table in generate(settings).items()}
        figures["rows"] = sum(map(len, tables.values()))
    return tables


def _read(name: str, table: TableSource, folder: Path, store: Path | None) -> pd.DataFrame:
    """The rows of one table, under our column names."""
    with timed(f"{name} read") as figures:
        ours = fetch(name, table, folder, store)
        figures["rows"] = len(ours)
    return ours


def _origin(table: TableSource, folder: Path) -> Origin:
    columns = {ours: ", ".join(how.read) for ours, how in table.columns.items() if how.read}
    local = table.file is not None and not is_remote(table.file)
    return Origin(str(folder / str(table.file)) if local else table.place, columns)
