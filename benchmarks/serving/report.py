"""The measured rounds as medians, spreads and ratios; as JSON keeps them and as Markdown shows them."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any, Final

from benchmarks.serving.servers import AGAIN, DELIVERED, FLOOR, KSERVE, LABELS, OURS
from infrastructure.documents import table

Rows = Sequence[Mapping[str, Any]]

_TITLES: Final = ("server", "requests/s", "ours is", "p50 ms", "p99 ms", "ours is", "CPU ms a request", "ours is",
                  "RSS MB", "PSS MB")  # fmt: skip

_MEDIANS: Final = ("rate", "p50", "p99", "cpu", "rss", "pss")

_AIMS: Final = (
    ("requests/s beside kserve.ModelServer", KSERVE, "rate", "≥", 2.5),
    ("requests/s beside kserve.ModelServer, as delivered", DELIVERED, "rate", "≥", 2.5),
    ("requests/s beside bare Starlette", FLOOR, "rate", "≥", 0.95),
    ("p99 beside kserve.ModelServer", KSERVE, "p99", "≤", 0.5),
)


def summary(rows: Rows) -> list[dict[str, Any]]:
    """One row a server and number of connections: medians over the rounds, the spread, and our ratio to it.

    The ratios are medians of each round's ratio, in which both were measured within a minute of each other.
    """
    return [
        {
            "server": server,
            "connections": connections,
            **{name: median(_values(rows, server, connections, name)) for name in _MEDIANS},
            "rate_range": _range(_values(rows, server, connections, "rate")),
            "p99_range": _range(_values(rows, server, connections, "p99")),
            "rate_ratio": _ratio(rows, OURS, server, connections, "rate"),
            "p99_ratio": _ratio(rows, OURS, server, connections, "p99"),
            "cpu_ratio": _ratio(rows, OURS, server, connections, "cpu"),
            **_ratios_again(rows, server, connections),
        }
        for connections in _distinct(rows, "connections")
        for server in _distinct(rows, "server")
    ]


def serving_figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts, both tables and the aims."""
    parts = [
        "\n".join(_facts(found)),
        "### With the engine",
        *_tables(found["engine"]),
        "### With an engine that answers at once: the server alone",
        *_tables(found["instant"]),
        "### Aims",
        _aims(found),
    ]
    return "\n\n".join(parts)


def _facts(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"- bundle `{found['bundle']}` of `{found['source']}`: {found['products']:,} products; k = {found['k']}"
    yield f"- {found['customers']:,} customers in turn; {found['workers']} workers on {found['cores']} cores"
    length = f"{found['seconds']:g} s a server and number of connections"
    yield f"- {found['rounds']} rounds of {length}; medians, in brackets lowest to highest"
    yield f"- {', '.join(f'{name} {version}' for name, version in found['versions'].items())}"
    yield f"- commit {found['commit']}"


def _tables(rows: Rows) -> Iterator[str]:
    for connections in _distinct(rows, "connections"):
        yield f"**{connections} connection{'s' if connections > 1 else ''}**"
        yield table(_TITLES, (_cells(row) for row in rows if row["connections"] == connections))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    ours = row["server"] == OURS
    low, high = row["rate_range"]
    low99, high99 = row["p99_range"]
    return (
        LABELS[row["server"]],
        f"{row['rate']:,.0f} ({low:,.0f} to {high:,.0f})",
        "" if ours else f"× {row['rate_ratio']:.2f}",
        f"{row['p50']:.1f}",
        f"{row['p99']:.1f} ({low99:.1f} to {high99:.1f})",
        "" if ours else f"× {row['p99_ratio']:.2f}",
        f"{row['cpu']:.2f}",
        "" if ours else f"× {row['cpu_ratio']:.2f}",
        f"{row['rss']:,.0f}",
        f"{row['pss']:,.0f}",
    )


def _aims(found: Mapping[str, Any]) -> str:
    connections = _distinct(found["engine"], "connections")
    kinds = [("engine", "ours", "ratio"), ("instant", "at once", "ratio")]
    if any(row["server"] == AGAIN for row in found["engine"]):
        kinds.insert(1, ("engine", "ours, asked again", "ratio_again"))
    rows = (
        (
            f"{title} {sign} {aim:g}",
            engine,
            *(_met(_one(found[kind], server, c)[f"{name}_{ratio}"], sign, aim) for c in connections),
        )
        for title, server, name, sign, aim in _AIMS
        for kind, engine, ratio in kinds
        if any(row["server"] == server for row in found[kind])
    )
    return table(("aim", "engine", *(f"c = {c}" for c in connections)), rows, "ll" + "r" * len(connections))


def _met(ratio: float, sign: str, aim: float) -> str:
    met = ratio >= aim if sign == "≥" else ratio <= aim
    return f"{ratio:.2f}{'' if met else ' (missed)'}"


def rounded(value: Any) -> Any:
    """Floats with three decimals, at any depth."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, Mapping):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value


def _values(rows: Rows, server: str, connections: int, name: str) -> list[float]:
    """A figure of each round, in order."""
    return [row[name] for row in rows if row["server"] == server and row["connections"] == connections]


def _ratios_again(rows: Rows, server: str, connections: int) -> dict[str, float]:
    """What it is beside ours where everybody has asked before; nothing where that was not measured."""
    if not _values(rows, AGAIN, connections, "rate"):
        return {}
    return {f"{name}_ratio_again": _ratio(rows, AGAIN, server, connections, name) for name in ("rate", "p99")}


def _ratio(rows: Rows, one: str, server: str, connections: int, name: str) -> float:
    ours, theirs = _values(rows, one, connections, name), _values(rows, server, connections, name)
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def _range(values: Sequence[float]) -> list[float]:
    return [min(values), max(values)]


def _distinct(rows: Rows, name: str) -> list[Any]:
    return list(dict.fromkeys(row[name] for row in rows))


def _one(rows: Rows, server: str, connections: int) -> Mapping[str, Any]:
    return next(row for row in rows if row["server"] == server and row["connections"] == connections)
