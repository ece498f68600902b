"""Plots as inline SVG: the same data always gives the same bytes.

Text stays text (it can be selected, read aloud, and shown in any script that the reader's machine knows). Figures are
made without pyplot, so there is no global state and no screen is needed.
"""

import io
import re
import textwrap
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from recommender.reports import wording

ACCENT = "#2f6f73"
SECOND = "#c8553d"
SOFT = "#5b6b70"

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "beauty",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e6ebec",
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "figure.subplot.left": 0.14,
    "figure.subplot.right": 0.94,
    "figure.subplot.bottom": 0.18,
    "figure.subplot.top": 0.97,
}
_WIDTH = 5.2  # inches; the page scales a drawing to the width it has, and text must stay readable on a telephone
_SIZE = (_WIDTH, 2.9)
_CHARACTERS = 54
"""Characters of the tick labels under a whole drawing that stand beside each other with room between them."""
_SHORTEST = pd.Timedelta(minutes=10)
"""That an axis of times spans."""


def columns(
    labels: Sequence[str], heights: Sequence[float], *, x: str, y: str, shares: bool = False, even: float | None = None
) -> str:
    """Upright bars, one a label; ``shares`` writes the y axis in percent, ``even`` draws a line to compare with."""

    def draw(axes: Axes) -> None:
        axes.bar(range(len(labels)), heights, color=ACCENT, width=0.78)
        if even is not None:
            axes.axhline(even, color=SECOND, linestyle="--", linewidth=1.2)
        axes.set_xticks(range(len(labels)), written, rotation=40 if steep else 0, ha="right" if steep else "center")
        _name_axes(axes, x, y, aligned=not grown)
        _write_y(axes, shares=shares)

    written, steep = _tick_labels(labels)
    grown = steep or any("\n" in label for label in written)
    return _drawn(draw, f"{y} by {x}" if x else y, layout="constrained" if grown else None)


def series(times: pd.DatetimeIndex, heights: Sequence[float], *, y: str) -> str:
    """A quantity over time."""

    def draw(axes: Axes) -> None:
        axes.fill_between(times, heights, color=ACCENT, alpha=0.25, linewidth=0)
        axes.plot(times, heights, color=ACCENT, linewidth=1.8)
        _write_times(axes, times)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(y)
        _write_y(axes, shares=False)

    return _drawn(draw, f"{y} over time")


def lorenz(products: npt.NDArray[np.float64], uses: npt.NDArray[np.float64]) -> str:
    """A Lorenz curve: the share of uses (y) of the least used share of products (x)."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linestyle="--", linewidth=1, label="every product used alike")
        axes.fill_between(products, uses, products, color=ACCENT, alpha=0.15, linewidth=0)
        axes.plot(products, uses, color=ACCENT, linewidth=2, label="this data")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        _name_axes(axes, "share of products, least used first", "share of interactions")
        axes.xaxis.set_major_formatter(FuncFormatter(_percent))
        _write_y(axes, shares=True)
        axes.legend(frameon=False, loc="upper left")

    return _drawn(draw, "Lorenz curve of product use")


def intervals(
    labels: Sequence[str], values: Sequence[float], lows: Sequence[float], highs: Sequence[float], *, x: str
) -> str:
    """Points with their intervals, one line a label from the top; the first line stands out."""

    def draw(axes: Axes) -> None:
        for line, (value, low, high) in enumerate(zip(values, lows, highs, strict=True)):
            color = ACCENT if line else SECOND
            axes.plot([low, high], [line, line], color=color, linewidth=2.5, solid_capstyle="butt")
            axes.plot([value], [line], "o", color=color, markersize=6)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.set_xlabel(textwrap.fill(x, _CHARACTERS // 2))
        axes.grid(axis="x")

    return _drawn(draw, f"{x} with intervals", size=(_WIDTH, 0.9 + 0.32 * len(labels)), layout="constrained")


def band(
    times: pd.DatetimeIndex,
    figures: Sequence[tuple[float, float, float]],
    *,
    y: str,
    shares: bool = False,
    even: float | None = None,
) -> str:
    """A figure (value, lower and upper end of its interval) over ascending times; the rest as in :func:`columns`."""

    def draw(axes: Axes) -> None:
        values, lows, highs = zip(*figures, strict=True)
        axes.fill_between(times, lows, highs, color=ACCENT, alpha=0.15, linewidth=0)
        axes.plot(times, values, color=ACCENT, linewidth=2, marker="o", markersize=3)
        if even is not None:
            axes.axhline(even, color=SOFT, linestyle="--", linewidth=1)
        _write_times(axes, times)
        axes.set_ylabel(y)
        _write_y(axes, shares=shares)

    return _drawn(draw, f"{y} over time")


def svg_document(draw: Callable[[Axes], None], size: tuple[float, float], layout: Any = None) -> str:
    """What ``draw`` draws, in inches, as an SVG file's text."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout=layout)
        draw(figure.subplots())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return buffer.getvalue()


def _drawn(draw: Callable[[Axes], None], title: str, size: tuple[float, float] = _SIZE, layout: Any = None) -> str:
    """The SVG element that ``draw`` fills, with ``title`` for readers who do not see it.

    Margins are fixed, so that plots beside each other line up, unless a ``layout`` engine is named.
    """
    document = svg_document(draw, size, layout)
    # As an element of a page: no prologue, no name spaces, no fixed size, named.
    element = document[document.index("<svg") :]
    element = re.sub(r"\s(?:xmlns(?::\w+)?|width|height|version)=\"[^\"]*\"", "", element[: element.index(">")])
    body = document[document.index(">", document.index("<svg")) :].replace("xlink:href", "href")
    return f'{element} role="img" aria-label="{escape(title, quote=True)}"{body}'


def _tick_labels(labels: Sequence[str]) -> tuple[list[str], bool]:
    """Labels broken into lines that fit beside each other; where a word alone does not, whole and to be set steep."""
    room = max(1, _CHARACTERS // max(len(labels), 1) - 1)
    if any(len(word) > room for label in labels for word in label.split()):
        return [*labels], True
    return ["\n".join(textwrap.wrap(label, room)) for label in labels], False


def _name_axes(axes: Axes, x: str, y: str, *, aligned: bool = True) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if aligned:
        axes.yaxis.set_label_coords(-0.125, 0.5)


def _write_times(axes: Axes, times: pd.DatetimeIndex) -> None:
    """Ticks at round times, and below them from which day to which: a tick alone may be an hour of any day."""
    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    if times.max() - times.min() < _SHORTEST:  # Ticks would be fractions of a second, in digits.
        middle = times.min() + (times.max() - times.min()) / 2
        axes.set_xlim(*date2num([middle - _SHORTEST / 2, middle + _SHORTEST / 2]))
    first, last = (f"{time:%Y-%m-%d}" for time in (times.min(), times.max()))
    axes.set_xlabel(f"{first if first == last else f'{first} to {last}'} (UTC)")


def _write_y(axes: Axes, *, shares: bool) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(_percent if shares else _thousands))


def _percent(value: float, _: int | None = None) -> str:
    return f"{wording.plain(100 * value)}%"


def _thousands(value: float, _: int | None = None) -> str:
    return f"{value:,.0f}"
