"""The column that is meant by a name which no column has: in another case, or spelled a little differently."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

_CLOSE: Final = 0.8
_SIGNS: Final = re.compile(r"[\W_]+")


def near_name(wanted: str, present: Sequence[str]) -> str | None:
    """The present name that is most like the wanted one; None where none is."""
    plain = {_plain(name): name for name in reversed(present)}
    found = get_close_matches(_plain(wanted), [name for name in plain if name], n=1, cutoff=_CLOSE)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    """A name without case, accents, blanks and signs; of signs alone, itself."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return _SIGNS.sub("", "".join(sign for sign in letters if not unicodedata.combining(sign))) or name
