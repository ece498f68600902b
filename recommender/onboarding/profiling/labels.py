"""Whether texts are the ingredient lists of labels."""

import re
from collections.abc import Sequence
from typing import Final

from recommender.knowledge import inci
from recommender.knowledge.knowledge import Knowledge

_BETWEEN: Final = re.compile(r"[,;•·、，\n|]")  # noqa: RUF001 (the signs that are meant)
_PARENTHESES: Final = re.compile(r"\([^()]*\)")
_CELLS: Final = 25
_ENTRIES: Final = 12
_FEWEST: Final = 4


def ingredient_share(texts: Sequence[str]) -> float:
    """Share of the entries in long lists that are known names of ingredients; 0 where most texts are no long lists."""
    lists = [entries for text in texts if len(entries := _entries(text)) >= _FEWEST]
    if len(lists) < 0.4 * len(texts):
        return 0.0
    knowledge = Knowledge.load()
    names = [entry for entries in lists[:: len(lists) // _CELLS + 1] for entry in entries[:_ENTRIES]]
    return sum(knowledge.is_name(inci.normalise(name)) for name in names) / max(len(names), 1)


def _entries(text: str) -> list[str]:
    return [part.strip(" .'\"[]*") for part in _BETWEEN.split(_PARENTHESES.sub("", text)) if part.strip(" .'\"[]*")]
