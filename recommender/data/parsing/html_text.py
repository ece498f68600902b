"""The text of a piece of HTML, as product descriptions are kept by most shops."""

import re
from functools import reduce
from html.parser import HTMLParser
from typing import Final

from recommender.data.parsing.cells import Cells, as_stripped_text

_LONGEST: Final = 5_000
"""Characters that are kept of a text: a page of print says what a product is."""

_MOST_READ: Final = 200_000
"""Characters of HTML that are looked at, which may hold pictures as text."""

_MARKED: Final = re.compile(r"[<&]")
_UNSEEN: Final = frozenset(("script", "style", "template", "noscript"))
_WITHIN_WORDS: Final = frozenset(("a", "abbr", "b", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u"))


class _Text(HTMLParser):
    """Gathers what a reader of the page would see; other tags than those within words divide them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a tag."""
        del attrs
        self._unseen += tag in _UNSEEN
        self._divide(tag)

    def handle_endtag(self, tag: str) -> None:
        """End a tag."""
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._divide(tag)

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self._unseen:
            self.parts.append(data)

    def _divide(self, tag: str) -> None:
        if tag not in _WITHIN_WORDS:
            self.parts.append(" ")


def plain_texts(*columns: Cells) -> Cells:
    """Each row's text without tags, scripts and entities, blanks as one; cut after a word where it is very long."""
    texts = reduce(lambda left, right: left.fillna("") + "<p>" + right.fillna(""), map(as_stripped_text, columns))
    plain = texts.map(_plain, na_action="ignore").astype(object)
    return plain.where(plain.notna() & (plain != ""), None)  # pyright: ignore[reportArgumentType]


def _plain(text: str) -> str:
    text = " ".join((_seen(text[:_MOST_READ]) if _MARKED.search(text) else text[:_MOST_READ]).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST + 1].rpartition(" ")[0] or text[:_LONGEST]


def _seen(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
