"""A well-known export as its YAML file describes it: its tables, what marks them, and where it is documented."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from pydantic import Field, model_validator

from infrastructure.errors import ConfigError
from infrastructure.settings import Settings, checked, read_yaml
from recommender.contract import columns as c

_FOLDER: Final = Path(__file__).parent


class Preset(Settings):
    """How the tables of one well-known export become ours."""

    name: str = Field(description="what `like` calls it")
    about: str = Field(min_length=1, description="which export it is, and what is odd about it")
    lacks: str | None = Field(default=None, description="what the export does not hold and a data set needs or misses")
    cited: tuple[str, ...] = Field(min_length=1, description="addresses at which its structure is documented")
    recognised_by: dict[str, tuple[str, ...]] = Field(
        description="of each table, columns of its file that are always there and together mark it"
    )
    tables: dict[str, dict[str, Any]] = Field(
        description="as in a source file; `file` is the name, pattern or list of names that the export gives its files"
    )

    @model_validator(mode="after")
    def _tables_are_ours(self) -> Self:
        if unknown := [name for name in self.tables if name not in c.TABLES]:
            raise ValueError(f"there is no table {unknown[0]}, but {', '.join(c.TABLES)}")
        if set(self.recognised_by) != set(self.tables):
            raise ValueError("'recognised_by' names the columns of each table, and of no other")
        return self

    def usual_files(self, table: str) -> tuple[str, ...]:
        """Names or patterns of the file that holds a table."""
        usual: Any = self.tables[table].get("file")
        return tuple(usual) if isinstance(usual, list) else (usual,) if usual else ()


def preset_names() -> tuple[str, ...]:
    """Every preset, in the order of the alphabet."""
    return tuple(_files())


@cache
def load_preset(name: str) -> Preset:
    """The preset that is called ``name``.

    Raises:
        ConfigError: There is none, or its file is wrong; the error names those that there are.
    """
    path = _files().get(name)
    if path is None:
        raise ConfigError(
            "There is no such preset.", field="like", value=name, expected=f"one of: {', '.join(_files())}"
        )
    return checked(Preset, {"name": name, **read_yaml(path)}, where=str(path))


@cache
def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(_FOLDER.glob("*/*.yaml"), key=lambda path: path.stem)}
