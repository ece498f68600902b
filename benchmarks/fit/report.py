"""The measured fits as Markdown."""

from collections.abc import Mapping
from typing import Any, Final

from infrastructure.documents import table

_SHOP: Final = ("shop", "network")
_PARTS: Final = ("data", "families", "network", "candidates", "ranker")
OF_ALL: Final = ("seconds", "processor", "memory", "bundle")
"""Figures of each fit whose growth by size is reported, beside the seconds of its parts."""

_TIMES: Final = (
    *_SHOP, "products", "customers", "uses", "seconds", "of the processor",
    "tables to arrays", "first stages", "network", "candidates described", "re-ranker",
)  # fmt: skip
_SIZES: Final = (
    *_SHOP, "re-ranker", "before fitting GB", "fit at most GB", "in", "foretold GB", "foretold over taken", "bundle MB"
)  # fmt: skip
_POWERS: Final = (*_SHOP, "seconds", "of the processor", "memory of the fit", "bundle", *_TIMES[-5:])
_REFUSED: Final = (
    *_SHOP, "products", "customers", "there GB", "foretold GB", "taken before GB", "taken meanwhile GB",
    "seconds until then", "of them asking",
)  # fmt: skip


def fit_figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts, the tables, and the refusals in their own words."""
    fits, refusals = found["fits"], found["refusals"]
    facts = (
        f"- each fit in a process of its own, one after the other; {found['cores']} cores, load average "
        f"{found['load_average']:.1f} at the end\n"
        f"- commit {found['commit']}"
    )
    parts = [
        facts,
        table(_TIMES, map(_times, fits)),
        table(_SIZES, map(_memory, fits), align="llr" + "r" * 2 + "l" + "r" * 3),
        table(_POWERS, map(_powers, found["exponents"])),
        table(_REFUSED, map(_refusal, refusals)),
        *(f"```text\nError: {fit['refused']['error']}\n```" for fit in refusals if "refused" in fit),
    ]
    return "\n\n".join(part for part in parts if part)


def _shop(fit: Mapping[str, Any]) -> tuple[str, str]:
    network = "yes" if fit["network"] else "no"
    if fit["network"] and not fit.get("has_network", True):
        network = "asked for, left out"
    return f"{fit['size']:g}x", network


def _times(fit: Mapping[str, Any]) -> tuple[str, ...]:
    if "bundle" not in fit:
        return _instead(fit, len(_TIMES))
    parts = (f"{fit['parts'][name]:,.1f}" if name in fit["parts"] else "–" for name in _PARTS)
    totals = (f"{fit[name]:,.0f}" for name in ("products", "customers", "uses", "seconds", "processor"))
    return *_shop(fit), *totals, *parts


def _memory(fit: Mapping[str, Any]) -> tuple[str, ...]:
    if "bundle" not in fit:
        return _instead(fit, len(_SIZES))
    own, foretold = fit["peak"] - fit["before"], fit["foretold"]
    peaks = {name: size for name, size in fit["peaks"].items() if name != "data"}
    return (
        *_shop(fit),
        "yes" if fit["has_ranker"] else "no",
        _giga(fit["before"]),
        _giga(own),
        _TIMES[-5:][_PARTS.index(max(peaks, key=lambda name: peaks[name]))],
        _giga(foretold),
        f"{foretold / own:.1f}",
        f"{fit['bundle'] / 1e6:,.0f}",
    )


def _instead(fit: Mapping[str, Any], width: int) -> tuple[str, ...]:
    """A row of a fit that came to no end."""
    died = fit.get("died")
    how = "refused" if died is None else f"killed by signal {-died}" if died < 0 else f"failed with exit code {died}"
    return (*_shop(fit), how, *("–",) * (width - 3))


def _powers(found: Mapping[str, Any]) -> tuple[str, ...]:
    sizes, powers = found["sizes"], found["powers"]
    cells = (f"{powers[name]:.2f}" if name in powers else "–" for name in (*OF_ALL, *_PARTS))
    return f"{sizes[0]:g}x to {sizes[-1]:g}x", "yes" if found["network"] else "no", *cells


def _refusal(fit: Mapping[str, Any]) -> tuple[str, ...]:
    if "refused" not in fit:
        kept = "not refused: it would fit" if "foretold" in fit else _instead(fit, 3)[2]
        return (*_shop(fit), kept, *("–",) * (len(_REFUSED) - 3))
    refused, reading = fit["refused"], fit.get("parts", {}).get("data")
    return (
        *_shop(fit),
        f"{fit['products']:,}",
        f"{fit['customers']:,}",
        _giga(fit["available"]),
        _giga(fit["foretold"]),
        _giga(fit["before"]),
        _giga(max(0, refused["peak"] - fit["before"])),
        "–" if reading is None else f"{reading + refused['seconds']:,.1f}",
        f"{refused['seconds']:.3f}",
    )


def _giga(size: int) -> str:
    return f"{size / 1e9:.2f}"
