"""The known names that a word nearly spells."""

import difflib
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SIGNS: Final = 64
"""Kinds of characters that are told apart when names are sifted."""
_COMPARED: Final = 12
"""Names that are compared letter by letter, at most: those with the most characters in common."""


class NearestNames:
    """Finds names by their spelling; as likeness counts ``difflib``'s ratio.

    Comparing thousands of names letter by letter takes milliseconds. Two texts are never more alike than the characters
    that they share, so these, counted for all names at once, sift out all but a few.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Count the characters of all names."""
        self._names = sorted(set(names), key=lambda name: (len(name), name))
        self._lengths = np.array([len(name) for name in self._names], np.int64)
        self._counts = np.array([_counts(name) for name in self._names], np.uint8).reshape(-1, _SIGNS).T.copy()

    def nearest(self, text: str, likeness: float, most: int = 1) -> tuple[str, ...]:
        """At most ``most`` names that are at least so like ``text`` (0 to 1), the likest first."""
        compared = difflib.SequenceMatcher(None, "", text, autojunk=False)
        found: list[tuple[float, str]] = []
        for name in self._sifted(text, likeness):
            compared.set_seq1(name)
            if (ratio := compared.ratio()) >= likeness:
                found.append((-ratio, name))
        return tuple(name for _, name in sorted(found)[:most])

    def _sifted(self, text: str, likeness: float) -> Iterable[str]:
        """Names that share enough characters with ``text`` to be so like it, those that share most."""
        start = self._lengths.searchsorted(len(text) * likeness / (2 - likeness))
        stop = self._lengths.searchsorted(len(text) * (2 - likeness) / likeness, "right")
        wanted = _counts(text)
        signs = np.flatnonzero(wanted)
        shared = np.minimum(self._counts[signs, start:stop], wanted[signs, None]).sum(axis=0, dtype=np.uint16)
        bound = 2 * shared / (self._lengths[start:stop] + len(text))
        enough = np.flatnonzero(bound >= likeness)
        likest = enough[np.argsort(-bound[enough], kind="stable")[:_COMPARED]]
        return map(self._names.__getitem__, (start + likest).tolist())


def _counts(text: str) -> NDArray[np.uint8]:
    """How often each kind of character is in a text, at most 255 times."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32) % _SIGNS
    return np.minimum(np.bincount(codes, minlength=_SIGNS), 255).astype(np.uint8)
