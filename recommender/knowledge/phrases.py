"""Finding many known phrases in a text at once, word by word."""

from collections.abc import Iterable, Iterator, Sequence


class Phrases:
    """Phrases, as sequences of words, with what each of them names."""

    def __init__(self, named: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Take (words of a phrase, what it names) pairs; one phrase may name several things."""
        self._named: dict[tuple[str, ...], set[str]] = {}
        self._longest: dict[str, int] = {}
        for words, name in named:
            if words:
                self._named.setdefault(words, set()).add(name)
                self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def anywhere(self, words: Sequence[str]) -> Iterator[str]:
        """What the phrases in ``words`` name, wherever they stand."""
        for start in range(len(words)):
            for phrase in self._from(words, start):
                yield from self._named[phrase]

    def longest(self, words: Sequence[str]) -> Iterator[str]:
        """What the phrases in ``words`` name, from the left: a longer phrase hides the shorter ones inside it."""
        start = 0
        while start < len(words):
            phrase = next(self._from(words, start), ())
            yield from sorted(self._named.get(phrase, ()))
            start += max(len(phrase), 1)

    def _from(self, words: Sequence[str], start: int) -> Iterator[tuple[str, ...]]:
        """Phrases that start at a position, the longest first."""
        for length in range(self._longest.get(words[start], 0), 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in self._named:
                yield phrase
