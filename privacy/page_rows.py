"""What pages and sheets for people say of one customer, cut out of them; every other character stays."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from infrastructure.files import remove_unfinished_file, write_atomically
from privacy.identity import CustomerIdentity
from recommender.contract import columns as c

#: A text without what it says of a customer, and how many places that were.
Cut: TypeAlias = "Callable[[str, CustomerIdentity], tuple[str, int]]"

_SECTION: Final = '<section id="customer-{case}">\n.*?</section>\n'
_LINK: Final = ' *<a href="#customer-{case}">[^<]*</a>\n'
#: The last two cells of a line in a table of rejected rows: why, and the row itself as JSON, perhaps shortened.
_EXAMPLE: Final = re.compile(r'<td class="l"[^>]*>([^<]*)</td>\s*<td class="l"[^>]*>(\{[^<]*)</td></tr>')
_CUSTOMER: Final = re.compile(rf'"{c.CUSTOMER_ID}": ')
ERASED: Final = "a customer who was forgotten"


@dataclass(frozen=True)
class PageRows:
    """A page or sheet that may say something of customers, each at a place of its own."""

    name: str
    path: Path
    cut: Cut

    def count(self, customer: CustomerIdentity) -> int:
        """How many places are the customer's."""
        return self.cut(self._text(), customer)[1]

    def remove(self, customer: CustomerIdentity) -> None:
        """Write it without them."""
        write_atomically(self.path, self.cut(self._text(), customer)[0].encode())

    def settle(self, _: bool) -> None:
        """Remove what a killed writer left."""
        remove_unfinished_file(self.path)

    def _text(self) -> str:
        # Not read_text, which would turn \r\n into \n.
        return self.path.read_bytes().decode()


def sheet_lines(cases: frozenset[str]) -> Cut:
    """Cuts the lines of these cases out of a survey's sheet, a CSV file whose cells have line breaks."""

    def cut(text: str, _: CustomerIdentity) -> tuple[str, int]:
        lines = [*io.StringIO(text, newline="")]
        reader = csv.DictReader(iter(lines))
        kept, start, found = lines[:1], 1, 0
        for row in reader:
            theirs = (row.get("case") or "") in cases
            kept += [] if theirs else lines[start : reader.line_num]
            start, found = reader.line_num, found + theirs
        return "".join(kept + lines[start:]), found

    return cut


def page_sections(cases: frozenset[str]) -> Cut:
    """Cuts the sections of these cases out of the page that raters read."""

    def cut(text: str, _: CustomerIdentity) -> tuple[str, int]:
        found = 0
        for case in cases:
            text, count = re.subn(_SECTION.format(case=re.escape(case)), "", text, flags=re.DOTALL)
            text = re.sub(_LINK.format(case=re.escape(case)), "", text)
            found += count
        return text, found

    return cut


def rejected_examples(text: str, customer: CustomerIdentity) -> tuple[str, int]:
    """Empties the examples of rejected rows that are the customer's; a rule's count stays, as it names nobody."""
    found = 0

    def without(match: re.Match[str]) -> str:
        nonlocal found
        if not _names(html.unescape(match[2]), customer):
            return match[0]
        found += 1
        return match[0].replace(f">{match[1]}<", f">{ERASED}<", 1).replace(f">{match[2]}<", "><", 1)

    return _EXAMPLE.sub(without, text), found


def _names(row: str, customer: CustomerIdentity) -> bool:
    """Whether the row, JSON whose end may be missing, is the customer's."""
    place = _CUSTOMER.search(row)
    try:
        cell, _ = json.JSONDecoder().raw_decode(row, place.end()) if place else (None, 0)
    except ValueError:
        return False
    return isinstance(cell, str | int | float) and customer.is_named(str(cell))
