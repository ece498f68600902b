"""A page of a report: its content, apart from its look. One page becomes HTML or Markdown.

Pages are self-contained (style and plots inline, nothing is loaded) and the same content always gives the same bytes.
Every text is escaped; only the SVG of a plot is not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from infrastructure.files import write_atomically
from recommender.reports import wording


@dataclass(frozen=True)
class Text:
    """Paragraphs."""

    kind: ClassVar = "text"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """A list of short points, numbered where their order matters."""

    kind: ClassVar = "listing"
    points: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of texts.

    Attributes:
        title: What the rows are.
        heads: One heading a column.
        rows: One text a cell, as it is to be shown.
        align: One letter a column: "l" for words, "r" for figures.
        says: One sentence that says what the table shows.
        shades: Shade of each cell, 0 (none) to 1 (darkest), for tables that are read at a glance.
    """

    kind: ClassVar = "table"
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    says: str = ""
    shades: tuple[tuple[float, ...], ...] | None = None

    def shade(self, row: int, column: int) -> float:
        """How dark a cell is, 0 to 1."""
        return self.shades[row][column] if self.shades else 0.0


@dataclass(frozen=True)
class Bar:
    """One bar of :class:`Bars`: its name, its figure as shown, and its length, 0 to 1."""

    label: str
    figure: str
    length: float


@dataclass(frozen=True)
class Bars:
    """Horizontal bars with readable names, for ranked lists."""

    kind: ClassVar = "bars"
    title: str
    says: str
    bars: tuple[Bar, ...]


def share_bars(shares: pd.Series, longest: float = 1.0) -> tuple[Bar, ...]:
    """One bar for each share, by name; a share of ``longest`` has the full length."""
    return tuple(Bar(str(name), wording.share(share), share / longest) for name, share in shares.items())


@dataclass(frozen=True)
class Plot:
    """A drawing (SVG from :mod:`recommender.reports.plots`) with a sentence that says what it shows."""

    kind: ClassVar = "plot"
    title: str
    says: str
    svg: str


Block = Text | Listing | Table | Bars | Plot


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading.

    Attributes:
        title: The heading.
        blocks: Its content, in order.
        figures: The section's headline figures for programs, by name.
    """

    title: str
    blocks: tuple[Block, ...]
    figures: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def anchor(self) -> str:
        """Name by which the page links to the section."""
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")


@dataclass(frozen=True)
class Page:
    """A whole page.

    Attributes:
        title: What the page is about.
        lead: One or two sentences under the title.
        headline: The few figures at the top: name and value.
        sections: The parts, in order.
        about: Which data set it is about, and when it was made (:func:`about_text`).
    """

    title: str
    lead: str
    headline: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    about: str = ""

    def html(self) -> str:
        """The page as one self-contained HTML document."""
        return _TEMPLATES.get_template("page.html.j2").render(page=self)

    def markdown(self) -> str:
        """The page as Markdown; a plot is replaced by its sentence."""
        return _TEMPLATES.get_template("page.md.j2").render(page=self)

    def write(self, target: Path) -> None:
        """Write the HTML document, and beside it the Markdown document, each whole or not at all."""
        self.write_html(target)
        write_atomically(target.with_suffix(".md"), self.markdown().encode())

    def write_html(self, target: Path) -> None:
        """Write the HTML document, whole or not at all."""
        write_atomically(target, self.html().encode())


def about_text(data_set: str, made: str) -> str:
    """What stands above a report, so that nobody takes one shop's or one day's for another's."""
    return ", ".join(filter(None, (f"data set “{data_set}”" if data_set else "", f"made {made}" if made else "")))


def about_now(data_set: str) -> str:
    """:func:`about_text` of a report that is made now."""
    return about_text(data_set, wording.moment(datetime.now(UTC)))


def plain_markdown(text: str) -> str:
    """``text`` on one line, with everything escaped that is markup in Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", " ".join(text.split())).replace("&", "&amp;")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("recommender.reports"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["plain"] = plain_markdown
    environment.filters["drawing"] = Markup
    return environment


_TEMPLATES = _environment()
