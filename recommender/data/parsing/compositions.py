"""Whether the names on a label are the composition of a product, or something else that stands in its place.

"See packaging", "#NAME?", an address and a sentence are no composition. A product with one of them counts as one whose
ingredients are not known, and so does one of whose ingredients only a part is there.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from recommender.data.parsing.ingredient_lists import split_label
from recommender.data.parsing.label_ends import CUT
from recommender.data.parsing.statements import is_beside_the_list, is_statement, points_elsewhere
from recommender.knowledge import inci
from recommender.knowledge.knowledge import Knowledge

_SHARE: Final = 3
"""One name of so many must be known; of real labels 99 in 100 have more."""
_ENOUGH: Final = 5
"""Known names from which on a label counts as whole although it refers to the packaging."""
_FEWEST_APART: Final = 3
"""Names that are fewer, one of which names as many ingredients, were parted by something that is not known here."""
_LOST_SIGN: Final = "\ufffd"


def composition(names: Iterable[str]) -> list[str] | None:
    """The names in a list of names, of which one may hold several, without what is no name.

    Statements beside a list of names stay: in doubt they name something.

    Returns:
        None where the names are no composition or not all of one; an empty list where there are none.
    """
    entries = list(names)
    found = [name for name in dict.fromkeys(chain.from_iterable(map(_divided, entries))) if not _is_beside(name)]
    return found if not entries or _is_whole(found) else None


def _is_whole(names: Sequence[str]) -> bool:
    if not names or names[-1].endswith(CUT) or any(_LOST_SIGN in name for name in names):
        return False
    if len(names) < _FEWEST_APART and any(map(_is_undivided, names)):
        return False
    statements = [name for name in names if _is_statement(name)]
    known = sum(_is_known(name) for name in names if not _is_statement(name))
    needed = _ENOUGH if any(map(points_elsewhere, [*statements, names[0]])) else 1
    return known >= max(needed, len(names) / _SHARE) and known > len(statements)


# Names repeat from label to label.
@lru_cache(maxsize=65_536)
def _divided(name: str) -> tuple[str, ...]:
    return tuple(split_label([name]))


_is_beside: Final = lru_cache(maxsize=65_536)(is_beside_the_list)
_is_statement: Final = lru_cache(maxsize=65_536)(is_statement)


def _is_undivided(name: str) -> bool:
    """Whether one name must be several: only those in parentheses or between slashes are read one by one."""
    if any(sign in name for sign in "(/"):
        return False
    knowledge = Knowledge.load()
    single = {word for word in inci.words(name.replace("-", " ")) if knowledge.label(word).ingredients}
    return max(len(single), len(knowledge.label(name).ingredients)) >= _FEWEST_APART


@lru_cache(maxsize=65_536)
def _is_known(name: str) -> bool:
    """Whether an ingredient or family is recognised; what is in an unknown script, the reader of labels judges."""
    label = Knowledge.load().label(name)
    return bool(label.terms) or not label.understood
