"""Names of files and tables as words."""

import re
from typing import Final

_ENDINGS: Final = re.compile(
    r"(\.(csv|tsv|txt|jsonl|ndjson|json|parquet|xlsx|xls|ods|avro|gz|bz2|xz|zst|zip|db|sqlite3?))+$", re.IGNORECASE
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN: Final = re.compile(r"[\W_]+")


def stem_of(name: str) -> str:
    """A file's name without its endings."""
    return _ENDINGS.sub("", name)


def words_of(name: str) -> str:
    """A file's name as words with a blank between them."""
    return _BETWEEN.sub(" ", _CAMEL.sub(" ", stem_of(name))).strip().lower()
