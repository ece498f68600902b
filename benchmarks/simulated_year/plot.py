"""The plot of the simulated year: quality by week under each policy, with the changes and faults."""

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes

from benchmarks.simulated_year.plan import SCHEDULE
from benchmarks.simulated_year.policies import LABELS, PolicyName
from benchmarks.simulated_year.report import retrainings, weekly_quality
from benchmarks.simulated_year.year import Year
from recommender.reports.plots import ACCENT, SECOND, SOFT, svg_document

_SIZE: Final = (9.6, 4.6)
_COLORS: Final[dict[PolicyName, str]] = {"never": SOFT, "weekly": SECOND, "trigger": ACCENT}
_HEADROOM: Final = 1.5


def year_plot(years: Mapping[PolicyName, Year]) -> str:
    """An SVG document: a line for each policy, a band for each event, and a mark for each retraining of the trigger."""

    def draw(axes: Axes) -> None:
        top = _HEADROOM * max(float(weekly_quality(year).max()) for year in years.values())
        _bands(axes, top, len(years["trigger"].weeks))
        for policy, year in years.items():
            axes.plot(weekly_quality(year), color=_COLORS[policy], linewidth=1.8, label=f"retrained {LABELS[policy]}")
        weeks = [week for week, _ in retrainings(years["trigger"])]
        axes.plot(weeks, [0.02 * top] * len(weeks), "^", color=ACCENT, markersize=6, label="the trigger retrains")
        axes.set_xlim(0, len(years["trigger"].weeks) - 1)
        axes.set_ylim(0, top)
        axes.set_xlabel("week")
        axes.set_ylabel("expected purchases a visit")
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=9)

    return svg_document(draw, _SIZE, layout="constrained")


def _bands(axes: Axes, top: float, weeks: int) -> None:
    """A band for each event, with names on three alternating lines so that they do not overlap."""
    for number, event in enumerate(event for event in SCHEDULE if event.first < weeks):
        color = SOFT if event.kind == "change" else SECOND
        axes.axvspan(event.first - 0.5, event.last + 0.5, color=color, alpha=0.13, linewidth=0)
        axes.text(event.first, top * (0.98 - 0.06 * (number % 3)), event.name, va="top", fontsize=8.5, color=color)
