"""The simulated year as a picture: quality by week under each way to decide, and what happened when."""

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes

from benchmarks.simulated_year.plan import HAPPENINGS
from benchmarks.simulated_year.policies import LABELS, Name
from benchmarks.simulated_year.report import quality, retrainings
from benchmarks.simulated_year.year import Year
from recommender.reports.plots import ACCENT, SECOND, SOFT, svg_document

_SIZE: Final = (9.6, 4.6)
_COLORS: Final[dict[Name, str]] = {"never": SOFT, "weekly": SECOND, "trigger": ACCENT}
_HEADROOM: Final = 1.5


def picture(years: Mapping[Name, Year]) -> str:
    """An SVG document: a line a way to decide, a band a happening, and a mark a retraining of the trigger."""

    def draw(axes: Axes) -> None:
        top = _HEADROOM * max(float(quality(year).max()) for year in years.values())
        _bands(axes, top, len(years["trigger"].weeks))
        for policy, year in years.items():
            axes.plot(quality(year), color=_COLORS[policy], linewidth=1.8, label=f"retrained {LABELS[policy]}")
        weeks = [week for week, _ in retrainings(years["trigger"])]
        axes.plot(weeks, [0.02 * top] * len(weeks), "^", color=ACCENT, markersize=6, label="the trigger retrains")
        axes.set_xlim(0, len(years["trigger"].weeks) - 1)
        axes.set_ylim(0, top)
        axes.set_xlabel("week")
        axes.set_ylabel("expected purchases a visit")
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=9)

    return svg_document(draw, _SIZE, layout="constrained")


def _bands(axes: Axes, top: float, weeks: int) -> None:
    """Each happening of these weeks over its own, named on one of three lines so that names do not meet."""
    for number, happening in enumerate(each for each in HAPPENINGS if each.first < weeks):
        color = SOFT if happening.kind == "change" else SECOND
        axes.axvspan(happening.first - 0.5, happening.last + 0.5, color=color, alpha=0.13, linewidth=0)
        axes.text(
            happening.first, top * (0.98 - 0.06 * (number % 3)), happening.name, va="top", fontsize=8.5, color=color
        )
