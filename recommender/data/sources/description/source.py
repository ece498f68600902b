"""A data set's YAML file: where each table is, and how foreign columns and values map to ours."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pydantic import Field

from infrastructure.errors import ConfigError
from infrastructure.settings import Settings, checked, read_yaml
from recommender.contract import fields as contract
from recommender.data.sources.description.contract_checks import check_tables
from recommender.data.sources.description.currency_settings import CurrencySettings
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.presets.merging import with_presets
from recommender.synthetic.settings import SyntheticSettings


class TableSources(Settings):
    """The tables of the contract that a data set has."""

    customers: TableSource | None = None
    products: TableSource | None = None
    transactions: TableSource | None = None
    ratings: TableSource | None = None
    events: TableSource | None = None

    def present(self) -> dict[str, TableSource]:
        """The tables that are named, in the order of the contract."""
        found = {table: getattr(self, table) for table in contract.CONTRACT}
        return {table: source for table, source in found.items() if source is not None}


class Source(Settings):
    """One data set: either tables in files, or the synthetic shop."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="also the folder that its models are kept in")
    config: str | None = Field(
        default=None,
        min_length=1,
        description="YAML file of its parameters that differ from the defaults, unless a command is given another; "
        "relative to this file",
    )
    currency: CurrencySettings | None = Field(
        default=None, description="prices are converted to one; without it, prices in several stop the run"
    )
    tables: TableSources = TableSources()
    synthetic: SyntheticSettings | None = Field(default=None, description="generate the tables instead of reading them")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a source file, its tables completed by the presets that they name.

        Raises:
            ConfigError: The file is missing, not YAML, or does not describe a usable data set.
        """
        source = checked(cls, with_presets(read_yaml(path), str(path)), where=str(path))._with_currency(path.parent)
        tables = source.tables.present()
        if source.synthetic is None:
            check_tables(tables, str(path))
        elif tables:
            raise ConfigError(
                "A synthetic data set has no files.",
                where=str(path),
                field="tables",
                expected="either 'tables' or 'synthetic'",
            )
        return source

    def _with_currency(self, folder: Path) -> Self:
        """The data set's currency in every table without one of its own, files of rates under their whole paths."""
        tables = {
            name: table.model_copy(update={"currency": found.beside(folder)})
            for name, table in self.tables.present().items()
            if (found := table.currency or self.currency) is not None
        }
        return self.model_copy(update={"tables": self.tables.model_copy(update=tables)})


@contextmanager
def source_as_file(path_or_text: str) -> Generator[Path]:
    """Yield the path of a source file, given by path or by text: a pipeline's pods cannot read a local file.

    A file made from a text is removed after the block. Files that a text names are not beside it, so it has to name
    them by addresses (or absolute paths of the pod). A text has the end of a line in it, unlike a path.
    """
    if "\n" not in path_or_text:
        yield Path(path_or_text)
        return
    with tempfile.TemporaryDirectory(prefix="source-") as folder:
        file = Path(folder) / "source.yaml"
        file.write_text(path_or_text, encoding="utf-8")
        yield file


def source_as_text(file: Path) -> str:
    """A source file's text, for pods that cannot read the file; it always has a line end, unlike a path."""
    text = file.read_text(encoding="utf-8")
    return text if "\n" in text else f"{text}\n"
