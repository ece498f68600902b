"""A proposal as the text of a source file: each guess with what speaks for it, and what else it might be."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from recommender.onboarding.proposal import SEPARATOR, Guess, Join, Proposal, TableProposal
from recommender.onboarding.writing.scalars import commented, entry, flow
from recommender.onboarding.writing.supported import written_guesses

_LEGEND: Final = (
    "Columns are 'ours: theirs', each with what speaks for it, such as its name; '?' marks what should be looked at. "
    "All keys: docs/figures/reference/source-file-keys.md."
)
_SETTINGS: Final = {
    "decimal": "the decimal sign of its numbers",
    "thousands": "between the thousands of its numbers",
    "one_row_per": "its rows become one for each",
}
_PRESETS: Final = "keys of the preset hold unless they stand here: docs/figures/reference/presets.md"
_PLACES: Final = ("file", "sheet", "sql", "api", "delimiter", "quoting", "encoding", "header")


def document(proposal: Proposal, *, places: Iterable[str] = ()) -> str:
    """The text of the source file.

    Args:
        proposal: What it says.
        places: What a person named, for its first line; without secrets.
    """
    lines = [
        *commented(f"Made by `beauty init {' '.join(places)}` from what the tables hold. {_LEGEND}", 0),
        *(f"# {variable} must hold the database's URL." for variable in proposal.variables),
        f"name: {flow(proposal.name)}",
        *_lacks(proposal),
        *(("tables:", *_tables(proposal)) if proposal.tables else ()),
        *_unused(proposal),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _lacks(proposal: Proposal) -> Iterator[str]:
    for lack in proposal.lacks:
        yield from commented(f"Missing: {lack.what}. Why it matters: {lack.why}. To be filled in: {lack.mend}.", 0)


def _tables(proposal: Proposal) -> Iterator[str]:
    for table in proposal.tables:
        yield f"  {table.table}:"
        yield from _table(table)


def _table(table: TableProposal) -> Iterator[str]:
    guesses = written_guesses(table)
    yield from commented(f"{table.found.name}{_size(table)}: {table.why}", 4)
    for note in table.notes:
        yield from commented(f"? {note}", 4)
    if table.like is not None:
        yield from entry("like", table.like, _PRESETS, 4)
    for key, value in _reading(table, guesses).items():
        yield from entry(key, value, table.found.evidence.get(key, ""), 4)
    yield from _joins(table)
    yield from _conditions(table)
    for key, value in table.settings.items():
        if key != "lacking":
            yield from entry(key, value, _SETTINGS.get(key, ""), 4)
    yield from _columns(table, guesses)
    yield from _not_used(table, guesses)


def _size(table: TableProposal) -> str:
    if table.found.rows is None:
        return ""
    return f", {table.found.rows:,} rows" if table.found.whole else f", about {table.found.rows:,} rows"


def _reading(table: TableProposal, guesses: dict[str, Guess]) -> dict[str, Any]:
    used = [column for guess in guesses.values() for column in guess.columns]
    keys = [column for join in table.joins for column in ([join.on] if isinstance(join.on, str) else join.on)]
    columns = [
        name for name in dict.fromkeys([*used, *keys, *table.where, *table.returned]) if name in table.found.columns
    ]
    reading = table.found.read_by(columns)
    return {key: reading[key] for key in (*_PLACES, *reading) if key in reading}


def _joins(table: TableProposal) -> Iterator[str]:
    if table.joins:
        yield "    join:"
    for join in table.joins:
        yield from commented(join.why, 6)
        yield f"      - {flow(_join(join))}"


def _join(join: Join) -> dict[str, Any]:
    on = dict(join.on) if not isinstance(join.on, str) else join.on
    return {**join.found.read_by(list(join.columns)), "on": on, **({"as": join.named} if join.named else {})}


def _conditions(table: TableProposal) -> Iterator[str]:
    if table.where:
        yield from entry("where", table.where, "rows of orders that did not come about are left out", 4)
    if table.returned:
        yield from entry("returned", table.returned, "rows of purchases that came back", 4)


def _columns(table: TableProposal, guesses: dict[str, Guess]) -> Iterator[str]:
    if table.like is not None:
        lacking = table.settings.get("lacking", ())
        if lacking:
            yield from entry("columns", dict.fromkeys(lacking), "the preset reads them, and this export lacks them", 4)
        return
    yield "    columns:" if guesses else "    columns: {}"
    for ours, guess in guesses.items():
        yield from entry(ours, _how(guess), _told(guess), 6)


def _how(guess: Guess) -> Any:
    keys = dict(guess.keys)
    return keys["from"] if [*keys] == ["from"] and isinstance(keys["from"], str) else keys


def _told(guess: Guess) -> str:
    """What speaks for a guess, and where it is doubtful what speaks against it."""
    parts = ["you chose it" if guess.settled else guess.why]
    if guess.examples:
        parts.append("such as " + SEPARATOR.join(guess.examples[:2]))
    parts += [guess.doubt] if guess.doubt else []
    if guess.is_doubtful:
        other = next((other for other in guess.others if other.columns != guess.columns), None)
        parts += [f"else {', '.join(other.columns)}"] if other is not None else []
        return f"? {guess.score:.0%} sure: {'; '.join(parts)}"
    return "; ".join(parts)


def _not_used(table: TableProposal, guesses: dict[str, Guess]) -> Iterator[str]:
    left = replace(table, guesses=guesses).unused
    if left and table.like is None:
        yield from commented(f"Not used: {', '.join(left)}", 4)


def _unused(proposal: Proposal) -> Iterator[str]:
    for name, why in proposal.unused.items():
        yield from commented(f"Not used: {name}: {why}", 0)
