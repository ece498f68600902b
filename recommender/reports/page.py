"""A page of a report: what it says, apart from how it looks. One page becomes HTML or Markdown.

Pages are self-contained (style and plots inline, nothing is loaded) and the same content always gives the
same bytes. Every text is escaped; only a plot's SVG is taken as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from infrastructure.files import write_whole


@dataclass(frozen=True)
class Text:
    """Paragraphs."""

    kind: ClassVar = "text"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """A list of short points, numbered where their order says something."""

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
        says: One sentence that tells what is seen.
        shades: One number a cell, 0 (plain) to 1 (darkest), where the figures are to be seen at a glance.
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


@dataclass(frozen=True)
class Plot:
    """A drawing (SVG from :mod:`recommender.reports.plots`) with the sentence that tells what is seen."""

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
        blocks: What stands in it, in order.
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
        headline: The few figures to be seen first: what, and how much.
        sections: The parts, in order.
    """

    title: str
    lead: str
    headline: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def html(self) -> str:
        """The page as one self-contained HTML document."""
        return _TEMPLATES.get_template("page.html.j2").render(page=self)

    def markdown(self) -> str:
        """The page as Markdown; of each plot only its sentence is kept."""
        return _TEMPLATES.get_template("page.md.j2").render(page=self)

    def write_html(self, target: Path) -> None:
        """Write the HTML document, whole or not at all."""
        write_whole(target, self.html().encode())

    def write_markdown(self, target: Path) -> None:
        """Write the Markdown document, whole or not at all."""
        write_whole(target, self.markdown().encode())


def plain_markdown(text: str) -> str:
    """``text`` with everything escaped that Markdown or HTML would take for markup, on one line."""
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
