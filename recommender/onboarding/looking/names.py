"""Names of files and tables as words."""

import re
from typing import Final

from recommender.data.sources.files import READABLE
from recommender.data.sources.reading.compressed import COMPRESSIONS

DATABASES: Final = (".db", ".sqlite", ".sqlite3")
"""Ends of the names of SQLite's files."""

_ENDINGS: Final = re.compile(f"(?:{'|'.join(map(re.escape, (*READABLE, *COMPRESSIONS, *DATABASES)))})+$", re.IGNORECASE)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN: Final = re.compile(r"[\W_]+")


def words_of(name: str) -> str:
    """A name as words with a blank between them, a file's without its endings."""
    return _BETWEEN.sub(" ", _CAMEL.sub(" ", _ENDINGS.sub("", name))).strip().lower()
