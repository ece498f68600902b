"""From what a person names to a source file: the steps in their order, for a terminal or a page."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from infrastructure.errors import ConfigError, DataError
from infrastructure.files import write_atomically
from recommender.data.sources.connectors.remote_files import is_remote
from recommender.onboarding.looking.names import words_of
from recommender.onboarding.looking.places import database_of, look, without_secrets
from recommender.onboarding.matching.match import propose
from recommender.onboarding.proposal import Proposal
from recommender.onboarding.writing.document import document

SOURCE_FILE: Final = "source.yaml"
VARIABLE: Final = "SHOP_DATABASE"
_UNTELLING: Final = frozenset(("data", "export", "exports", "csv", "files", "input", "raw", "tmp", ""))


def source_file(places: Sequence[str]) -> Path:
    """Where the source file goes unless it is said: beside the files, else here."""
    local = next((Path(place) for place in places if not is_remote(place)), None)
    if local is None:
        return Path(SOURCE_FILE)
    return (local if local.is_dir() else local.parent) / SOURCE_FILE


def data_set_name(places: Sequence[str]) -> str:
    """A name for the data set: that of the folder, file or address, as a source file allows it."""
    place = without_secrets(places[0])
    parts = Path(place if is_remote(place) else Path(place).resolve()).parts
    telling = (_slug(words_of(part)) for part in reversed(parts) if words_of(part) not in _UNTELLING)
    return next((name for name in telling if name), "shop")


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words).strip("_")


def begin(places: Sequence[str], out: Path, name: str | None = None, variable: str = VARIABLE) -> Proposal:
    """Look at what was named and propose a source file.

    Args:
        places: Folders, files and addresses.
        out: The source file, to whose folder paths are relative.
        name: Of the data set.
        variable: Environment variable that is to hold a database's URL.

    Raises:
        ConfigError: A database's driver is not installed.
        DataError: A place is not there or does not answer, or holds no table.
    """
    return propose(look(places, out.parent, variable), name or data_set_name(places))


def require_absent(out: Path, *, force: bool) -> None:
    """Check that nothing is overwritten.

    Raises:
        ConfigError: The file is there.
    """
    if out.exists() and not force:
        raise ConfigError(
            "The file is there already.",
            where=str(out),
            field="--out",
            expected="another file, or --force to replace it",
        )


def write(proposal: Proposal, out: Path, places: Iterable[str]) -> None:
    """Write the source file.

    Raises:
        DataError: Its folder cannot be written.
    """
    text = document(proposal, places=map(without_secrets, places))
    try:
        write_atomically(out, text.encode())
    except OSError as error:
        raise DataError(
            f"The source file cannot be written: {error.strerror}.", where=str(out), field="--out",
            expected="a file in a folder that you may write",
        ) from None  # fmt: skip


def database_among(places: Sequence[str]) -> str | None:
    """The URL of the first database among the places."""
    return next((url for place in places if (url := database_of(place)) is not None), None)
