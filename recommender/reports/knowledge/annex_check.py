"""Compares the families with an edition of an annex: what they lack of it, and what changed since the last check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from infrastructure.documents import table
from infrastructure.errors import ConfigError, DataError
from recommender.knowledge import inci, schema
from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.korean import squeezed
from recommender.knowledge.schema import Annex, AnnexesFile
from recommender.reports.knowledge.annex_file import AnnexEntry, AnnexFile

_FILE: Final = "annexes.yaml"
_SHOWN: Final = 20


@dataclass(frozen=True)
class AnnexComparison:
    """Differences between an annex and our families; every text begins with the entry's reference number.

    Attributes:
        annex: Number of the annex, in Roman figures.
        edition: Edition of the record, YYYY-MM.
        entries: Entries in the file.
        checked: Of these, the ones that a family must cover.
        uncovered: Names that their family lacks.
        added: Entries that the record does not have, with the families that they belong to.
        missing: Entries of the record that the file does not have.
        changed: Entries with names that the record lacks, or that are no longer marked.
        unnamed: Members of the covering families that no entry names.
    """

    annex: str
    edition: str
    entries: int
    checked: int
    uncovered: tuple[str, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    unnamed: tuple[str, ...]

    @classmethod
    def between(cls, knowledge: Knowledge, record: Annex, file: AnnexFile) -> Self:
        """Compare; ``record`` is what was found at the last check."""
        look = _Look(knowledge, record, file.entries)
        return cls(
            annex=file.annex,
            edition=record.edition,
            entries=len(file.entries),
            checked=sum(map(look.falls_under, file.entries.values())),
            uncovered=tuple(look.uncovered()),
            added=tuple(look.added()),
            missing=tuple(look.missing()),
            changed=tuple(look.changed()),
            unnamed=tuple(look.unnamed()),
        )

    def told(self) -> str:
        """The comparison as a table."""
        rows = (
            ("entries in the file", f"{self.entries:,}", ""),
            ("entries that a family must cover", f"{self.checked:,}", ""),
            *(_row(what, found) for what, found in (
                ("NOT COVERED: named there, not in the family", self.uncovered),
                (f"new since {self.edition}", self.added),
                (f"missing since {self.edition}", self.missing),
                (f"changed since {self.edition}", self.changed),
                ("our members that no entry names", self.unnamed),
            )),
        )  # fmt: skip
        return table((f"against Annex {self.annex}", "count", "which"), rows, "lrl")


def _row(what: str, found: tuple[str, ...]) -> tuple[str, str, str]:
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return what, f"{len(found):,}", "; ".join(found[:_SHOWN]).replace("|", "/") + more


class _Look:
    """One comparison, with what it needs at hand."""

    def __init__(self, knowledge: Knowledge, record: Annex, entries: Mapping[str, AnnexEntry]) -> None:
        self._knowledge, self._record, self._entries = knowledge, record, entries
        self._families = _families_by_entry(record)
        self._some_marked = any(record.marks in entry.text for entry in entries.values())

    def falls_under(self, entry: AnnexEntry) -> bool:
        """Whether a family must cover the entry: it is marked, or the record has it."""
        marked = bool(self._record.covers) and self._record.marks in entry.text
        return marked or entry.number in self._families

    def uncovered(self) -> Iterator[str]:
        """Printed names that their family lacks; an entry without them is known by its number or by its chemistry."""
        for entry in filter(self.falls_under, self._entries.values()):
            for families in self._families.get(entry.number) or [self._record.covers]:
                yield from (
                    f"{entry.number} {name} ({' or '.join(families)})" for name in self._lacking(entry, families)
                )

    def _lacking(self, entry: AnnexEntry, families: tuple[str, ...]) -> tuple[str, ...]:
        """Names of an entry that its family lacks; where the whole entry need not belong to it, one name is enough."""
        names = entry.names or (() if entry.number in self._families else entry.chemical)
        lacking = tuple(name for name in names if not self._belongs(name, families))
        all_of_it = bool(entry.names) and not set(families).isdisjoint(self._record.covers)
        return lacking if all_of_it or len(lacking) == len(names) else ()

    def added(self) -> Iterator[str]:
        """New entries, with the families that they belong to today."""
        for entry in self._entries.values():
            late = _base(entry.number) > self._record.last
            if entry.number not in self._families and (late or self.falls_under(entry)):
                names = entry.names or entry.chemical
                terms = frozenset[str]().union(*(self._knowledge.label(name).terms for name in names))
                families = ", ".join(sorted(terms & self._knowledge.families.keys())) or "no family"
                yield f"{entry.number} {', '.join(names)} ({families})"

    def missing(self) -> Iterator[str]:
        """Entries of the record that are gone."""
        for number, wanted in self._families.items():
            if number not in self._entries:
                yield f"{number} ({', '.join(family for families in wanted for family in families)})"

    def changed(self) -> Iterator[str]:
        """Entries with a name that the record lacks, and those that are no longer marked."""
        for number, recorded in _names_by_entry(self._record).items():
            entry = self._entries.get(number)
            if entry is not None and (new := [name for name in entry.names if _spellings(name).isdisjoint(recorded)]):
                yield f"{number} now also {', '.join(new)}"
            if entry is not None and self._unmarked(entry):
                yield f"{number} no longer marked"

    def unnamed(self) -> Iterator[str]:
        """Members of the covering families that no entry names."""
        named = {name for names in _names_by_entry(self._record).values() for name in names}
        printed = (name for entry in self._entries.values() for name in (*entry.names, *entry.chemical))
        named = named.union(*map(_spellings, printed))
        for family in self._record.covers:
            members = self._knowledge.families[family].members
            yield from (member for member in members if self._names_of(member).isdisjoint(named))

    def _unmarked(self, entry: AnnexEntry) -> bool:
        covers = set(self._record.covers)
        ours = any(covers.intersection(families) for families in self._families[entry.number])
        return ours and self._some_marked and self._record.marks not in entry.text

    def _belongs(self, name: str, families: tuple[str, ...]) -> bool:
        return not self._knowledge.label(name).terms.isdisjoint(families)

    def _names_of(self, member: str) -> set[str]:
        known = self._knowledge.ingredients.get(member)
        return {squeezed(inci.normalise(name)) for name in (member, *(known.synonyms if known else ()))}


def _spellings(name: str) -> set[str]:
    """What a printed name may stand for, without blanks and hyphens."""
    return {squeezed(reading) for reading in inci.readings(name)}


def _base(number: str) -> int:
    return int(number.rstrip("abcdefghijklmnopqrstuvwxyz"))


def _families_by_entry(record: Annex) -> dict[str, list[tuple[str, ...]]]:
    """For each entry of the record the families that it must belong to; those of ``covers`` count as one."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for family, entries in record.families.items():
        for number in entries:
            found.setdefault(number, []).append((family,))
    return found


def _names_by_entry(record: Annex) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entries in record.families.values():
        for number, names in entries.items():
            found.setdefault(number, set()).update(map(squeezed, map(inci.normalise, names)))
    return found


def recorded_annexes() -> Mapping[str, Annex]:
    """The record of the last check, by number of the annex.

    Raises:
        ConfigError: The file is missing or wrong.
    """
    return schema.read_knowledge_file(AnnexesFile, schema.FOLDER / _FILE).annexes


def check_record(knowledge: Knowledge, annexes: Mapping[str, Annex]) -> None:
    """Refuse a record that the families do not fit.

    Raises:
        ConfigError: A family has no entry, or lacks a name that an annex gives it.
    """
    for key, annex in annexes.items():
        for family, entries in annex.families.items():
            if family not in knowledge.families:
                raise ConfigError("There is no such family.", where=_FILE, field=f"{key}.families", value=family)
            for number, names in entries.items():
                for name in names:
                    if family not in knowledge.label(name).terms:
                        raise ConfigError(
                            f"An annex names it, but the family {family!r} lacks it.",
                            where=_FILE,
                            field=f"{key}.families.{family}.{number}",
                            value=name,
                            expected="a member, word or pattern of the family in families.yaml",
                        )


def compare_with_annex(path: Path) -> AnnexComparison:
    """The families against the annex in a file.

    Raises:
        ConfigError: The knowledge files do not fit together.
        DataError: The file cannot be read, or is an annex that no family follows.
    """
    file, annexes = AnnexFile.read(path), recorded_annexes()
    if file.annex not in annexes:
        raise DataError(
            "No family follows this annex.", where=str(path), value=file.annex, expected=f"one of {', '.join(annexes)}"
        )
    return AnnexComparison.between(Knowledge.load(), annexes[file.annex], file)
