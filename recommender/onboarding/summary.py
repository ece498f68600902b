"""A proposal and its preview in words, for a terminal or a page."""

from collections.abc import Iterable, Iterator
from typing import Final

from infrastructure.documents import table
from recommender.contract import columns as c
from recommender.onboarding.preview import FIRST, Preview
from recommender.onboarding.proposal import Guess, Proposal
from recommender.onboarding.writing.supported import written_guesses

_SHOWN: Final = 8
_MISSED: Final = {
    c.INGREDIENTS: "such products are never shown to who avoids an ingredient",
    c.CATEGORY: "they are like no others by it",
    c.PRICE: "they are within no limits of a price",
    c.NAME: "the id stands for it",
    c.FAMILY_ID: "no other size, pack or shade of them was found",
}
_MENDED: Final = {
    "unknown_skin_type": "say what your words mean under the column's 'values'",
    "unknown_event": "say what your words mean under the column's 'values', or leave rows out by 'where'",
    "unreadable_time": "say how it is written under the column's 'format'",
    "unknown_product": "the table of products lacks it, or writes the id in another way",
}
"""What a person may do about a rule's rows, where it is in the source file."""


def proposal_told(proposal: Proposal) -> str:
    """Which table and columns were found, which guesses are doubtful, and what is missing."""
    rows = (
        [one.table, one.like or one.found.name, f"{len(written_guesses(one))}", _doubtful(one.guesses.values())]
        for one in proposal.tables
    )
    parts = [table(["our table", "from", "columns", "to look at"], rows, "llrl")] if proposal.tables else []
    lacks = [
        f"Missing: {lack.what}.\n  Why it matters: {lack.why}.\n  To be filled in: {lack.mend}."
        for lack in proposal.lacks
    ]
    unused = [f"Not used: {name}: {why}" for name, why in proposal.unused.items()]
    notes = [f"To look at: {one.table}: {note}" for one in proposal.tables for note in one.notes]
    return "\n\n".join(filter(None, [*parts, "\n".join(notes), "\n".join(unused), *lacks]))


def _doubtful(guesses: Iterable[Guess]) -> str:
    return ", ".join(guess.ours for guess in guesses if guess.is_doubtful) or "–"


def preview_told(found: Preview) -> str:
    """What cleaning would keep, quarantine and miss."""
    if found.fault:
        return f"No preview: the source file does not read the data yet.\n{found.fault}"
    rows = ([name, *(f"{count:,}" for count in counts.values())] for name, counts in found.counts.items())
    counted = table(["table", "read", "kept", "quarantined", "cells emptied"], rows)
    return "\n\n".join(
        filter(None, [counted, "\n".join(_rules(found)), "\n".join(_gaps(found)), "\n".join(_cut(found))])
    )


def _rules(found: Preview) -> Iterator[str]:
    for name, rows in found.left_out.items():
        yield f"Left out by 'where': {name}: {rows:,} rows"
    for what, rules in (("Quarantined", found.rejected), ("Emptied", found.emptied)):
        for rule in rules[:_SHOWN]:
            yield f"{what}: {rule.table}: {rule.rows:,} with {rule.what} ({rule.rule})"
            yield f"  for example: {rule.example}"
            if rule.rule in _MENDED:
                yield f"  to mend it: {_MENDED[rule.rule]}"


def _gaps(found: Preview) -> Iterator[str]:
    for name, columns in found.missing.items():
        listed = sorted(columns.items(), key=lambda pair: -pair[1])
        told = (f"{column} in {share:.0%}{_why(name, column)}" for column, share in listed if share >= 0.005)
        if text := ", ".join(told):
            yield f"Without a value: {name}: {text}"


def _why(name: str, column: str) -> str:
    return f" ({_MISSED[column]})" if name == c.PRODUCTS and column in _MISSED else ""


def _cut(found: Preview) -> Iterator[str]:
    if found.cut:
        yield f"Only the first {FIRST:,} rows were read here of: {', '.join(found.cut)}. A run reads all."
    for name, rows in found.set_aside.items():
        yield (
            f"{name}: {rows:,} rows are of products or customers that may be in the rest of their table; whether they "
            "would be kept cannot be judged here."
        )
