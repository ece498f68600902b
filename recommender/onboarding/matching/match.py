"""From foreign tables to a proposal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from recommender.contract import columns as c
from recommender.contract.fields import fields_of
from recommender.onboarding.found_table import FoundTable, Looked
from recommender.onboarding.matching.behaviour import Behaviour, behaviours
from recommender.onboarding.matching.candidates import REQUIRED, Candidate, Tables
from recommender.onboarding.matching.facts import (
    customers_from,
    customers_table,
    joined_ids,
    products_from,
    products_table,
    with_name,
)
from recommender.onboarding.matching.guesses import guess_of, guesses_of, table_settings
from recommender.onboarding.matching.keys import Keys
from recommender.onboarding.matching.lacks import lacks_of
from recommender.onboarding.matching.lookups import looked_up
from recommender.onboarding.matching.orders import status_conditions
from recommender.onboarding.matching.presets import Recognised, recognised
from recommender.onboarding.matching.structure.roles import tell_roles
from recommender.onboarding.matching.structure.titles import DOUBT
from recommender.onboarding.proposal import Guess, Proposal, TableProposal

_FEW_JOIN: Final = 0.3
_MANY: Final = 0.05
_JOINED: Final = 0.9


def propose(looked: Looked, name: str) -> Proposal:
    """Guess which table and which column is which.

    Args:
        looked: What was found.
        name: Of the data set.
    """
    known = _by_presets(looked.tables)
    rest = _left(looked.tables, known.values())
    tables, keys = Tables(rest), Keys()
    found = dict(known)
    tell_roles(tables, keys)
    done = behaviours(tables, keys)
    for behaviour in done:
        if behaviour.table not in found:
            found[behaviour.table] = _of_behaviour(behaviour)
    chosen = [one for one in done if found[one.table].found is one.candidate.found]
    chosen = chosen or behaviours(Tables(tuple(one.found for one in known.values())), keys)
    found |= {table: one for table, one in _facts(tables, chosen, keys, found).items() if table not in known}
    ordered = tuple(found[table] for table in c.TABLES if table in found)
    variables = {one.found.database.variable for one in ordered if one.found.database is not None}
    return Proposal(
        name=name,
        tables=ordered,
        lacks=lacks_of(ordered, tables),
        unused=_unused(looked, ordered, done),
        variables=tuple(sorted(variables)),
    )


def _by_presets(tables: Sequence[FoundTable]) -> dict[str, TableProposal]:
    """The tables that presets know; all of one system, that which knows most.

    A table of its own goes before one that is made of another's rows; files of one table are read one after another.
    Presets know files as they are: lists within cells they divide themselves.
    """
    matches = [(match, table) for table in tables if "explode" not in table.reading for match in recognised(table)]
    worth = dict[str, float]()
    for match, _ in matches:
        worth[_system(match)] = worth.get(_system(match), 0.0) + match.score
    best = max(worth, key=lambda system: worth[system], default=None)
    found = dict[str, TableProposal]()
    for match, table in sorted(matches, key=lambda pair: ("one_row_per" in pair[0].keys, -pair[0].score)):
        if _system(match) == best and match.table not in found:
            alike = [other for known, other in matches if (known.preset, known.table) == (match.preset, match.table)]
            found[match.table] = _like(match, _together(table, alike))
    return found


def _system(match: Recognised) -> str:
    """What its presets' names begin with: orders and products of Shopify are presets of their own."""
    return match.preset.partition("-")[0]


def _together(table: FoundTable, alike: Sequence[FoundTable]) -> FoundTable:
    files = [str(other.reading["file"]) for other in alike if "file" in other.reading]
    return replace(table, reading={**table.reading, "file": files}) if len(files) > 1 else table


def _like(match: Recognised, table: FoundTable) -> TableProposal:
    columns: Mapping[str, Any] = match.keys.get("columns", {})
    guesses = {
        ours: Guess(ours, how if isinstance(how, Mapping) else {"from": how}, match.score, "the preset", settled=True)
        for ours, how in columns.items()
        if ours not in match.lacking
    }
    settings = {"lacking": match.lacking} if match.lacking else {}
    joined = frozenset(_file_name(join.get("file")) for join in match.keys.get("join", ()))
    return TableProposal(
        match.table, table, guesses, f"{match.score:.0%} of the columns of {match.preset}", match.score,
        like=match.preset, settings=settings, beside=joined,
    )  # fmt: skip


def _left(tables: Iterable[FoundTable], known: Iterable[TableProposal]) -> tuple[FoundTable, ...]:
    """The tables that no preset reads, in whichever way."""
    found = [one.found for one in known]
    there, read = {id(table) for table in found}, frozenset[str]().union(*map(_files, found))
    return tuple(table for table in tables if id(table) not in there and not _files(table) & read)


def _file_name(file: object) -> str:
    return str(file).rpartition("/")[2]


def _of_behaviour(behaviour: Behaviour) -> TableProposal:
    candidate = behaviour.candidate
    guesses = guesses_of(candidate)
    if (lacking := _lacking(candidate)) is not None:
        guesses[c.PRODUCT_ID] = replace(guesses[c.PRODUCT_ID], doubt=lacking)
    if behaviour.titled:
        guesses[c.PRODUCT_ID] = replace(guesses[c.PRODUCT_ID], doubt=DOUBT)
    joins = list[Any]()
    where, returned, notes = status_conditions(candidate.profiles)
    for head, join in behaviour.heads:
        joins.append(join)
        guesses |= _from_head(candidate, head, join.named)
        further = status_conditions(head.profiles, join.named)
        where, returned, notes = where | further[0], returned | further[1], (*notes, *further[2])
        columns = [name.rpartition(".")[2] if join.named else name for name in (*further[0], *further[1])]
        joins[-1] = replace(join, columns=tuple(dict.fromkeys((*join.columns, *columns))))
    if behaviour.constant is not None:
        guesses[c.TYPE] = Guess(c.TYPE, {"constant": behaviour.constant}, 0.7, "the table's name")
    if candidate.table != c.TRANSACTIONS:
        where, returned, notes = {}, {}, ()
    settings, doubts = table_settings(candidate, guesses)
    return TableProposal(
        table=behaviour.table,
        found=candidate.found,
        guesses=_ordered(candidate.table, guesses),
        why=_why(candidate),
        score=behaviour.score,
        joins=tuple(joins),
        where=where,
        returned=returned,
        settings=settings,
        notes=(*notes, *doubts, *_of_zones(candidate, guesses)),
    )


def _lacking(candidate: Candidate) -> str | None:
    """A doubt where many rows do not say the product."""
    column = candidate.column(c.PRODUCT_ID)
    missing = candidate.profiles[column].missing if column is not None else 0.0
    return f"{missing:.0%} of the rows have none; the product's title may be the better id" if missing > _MANY else None


def _from_head(lines: Candidate, head: Candidate, named: str) -> dict[str, Guess]:
    """What lines of orders lack and their head has."""
    lacking = [ours for ours in (c.CUSTOMER_ID, c.TIME) if not lines.has(ours) and head.has(ours)]
    return {ours: guess_of(head, ours, *head.pairs[ours], named=named) for ours in lacking}


def _why(candidate: Candidate) -> str:
    named = ["its name"] if candidate.likeness > 0.5 else []
    required = [field.name for field in fields_of(candidate.table).values() if field.required]
    there = [name for name in required if candidate.sureness(name) >= REQUIRED]
    return " and ".join([*named, f"it has {', '.join(there)}"])


def _of_zones(candidate: Candidate, guesses: Mapping[str, Guess]) -> tuple[str, ...]:
    """Times that do not say their offset are taken as UTC."""
    guess = guesses.get(c.TIME)
    column = guess.columns[0] if guess is not None and guess.columns else None
    profile = candidate.profiles.get(column) if column is not None else None
    if profile is None or profile.times is None or profile.times.offset or not profile.times.clock:
        return ()
    if profile.times.formats[:1] and not profile.times.formats[0].startswith("%"):
        return ()
    return (
        "times say no offset and are read as UTC; add a 'timezone' (Europe/Berlin) to the column if they are local",
    )


def _facts(
    tables: Tables, chosen: Sequence[Behaviour], keys: Keys, known: dict[str, TableProposal]
) -> dict[str, TableProposal]:
    """Products and customers; also mends the keys of behaviour that join with them."""
    found = dict[str, TableProposal]()
    products = products_table(tables, chosen, keys)
    if products is not None:
        found[c.PRODUCTS] = _with_names(_of_facts(products, with_name(guesses_of(products))), products, tables, keys)
        _join_ids(chosen, products, c.PRODUCT_ID, keys, known, found)
    elif c.PRODUCTS not in known and (made := products_from(chosen, tables)) is not None:
        found[c.PRODUCTS] = _of_facts(*made, one_row_per=c.PRODUCT_ID)
    customers = customers_table(tables, chosen)
    if customers is not None:
        found[c.CUSTOMERS] = _of_facts(customers, guesses_of(customers))
        _join_ids(chosen, customers, c.CUSTOMER_ID, keys, known, found)
    elif c.CUSTOMERS not in known and (made := customers_from(chosen, tables)) is not None:
        found[c.CUSTOMERS] = _of_facts(*made, one_row_per=c.CUSTOMER_ID)
    return found


def _with_names(table: TableProposal, products: Candidate, tables: Tables, keys: Keys) -> TableProposal:
    """With the names of brands and categories from tables of their own."""
    for join, guess in looked_up(products, tables, keys):
        table = replace(table.with_guess(guess), joins=(*table.joins, join))
    return replace(table, guesses=_ordered(table.table, table.guesses))


def _of_facts(candidate: Candidate, guesses: Mapping[str, Guess], one_row_per: str | None = None) -> TableProposal:
    settings, doubts = table_settings(candidate, guesses)
    if one_row_per is not None:
        settings["one_row_per"] = one_row_per
    why = "no table of their own was found" if one_row_per is not None else _why(candidate)
    return TableProposal(
        candidate.table, candidate.found, _ordered(candidate.table, guesses), why, candidate.score,
        settings=settings, notes=doubts,
    )  # fmt: skip


def _join_ids(
    chosen: Sequence[Behaviour],
    facts: Candidate,
    ours: str,
    keys: Keys,
    known: dict[str, TableProposal],
    found: dict[str, TableProposal],
) -> None:
    for behaviour in chosen:
        if not behaviour.candidate.has(ours):
            continue
        mine, theirs, share = joined_ids(behaviour, facts, ours, keys)
        if known[behaviour.table].like is not None:
            continue
        if mine is not None:
            known[behaviour.table] = _replaced(known[behaviour.table], mine)
        if theirs is not None:
            found[facts.table] = _replaced(found[facts.table], theirs)
        if share > _JOINED:
            known[behaviour.table] = _sure_of(known[behaviour.table], ours)
            found[facts.table] = _sure_of(found[facts.table], ours)
        if share < _FEW_JOIN and facts.found.whole:
            note = f"only {share:.0%} of the {ours} looked at are in the {facts.table} table ({facts.found.name})"
            known[behaviour.table] = replace(known[behaviour.table], notes=(*known[behaviour.table].notes, note))


def _sure_of(table: TableProposal, ours: str) -> TableProposal:
    """With a key of which nothing else is likely, as it joins."""
    return table.with_guess(replace(table.guesses[ours], others=())) if ours in table.guesses else table


def _replaced(table: TableProposal, guess: Guess) -> TableProposal:
    """With a guess, and without what else was made from its column."""
    rest = {ours: one for ours, one in table.guesses.items() if not set(one.columns) & set(guess.columns)}
    return replace(table, guesses=_ordered(table.table, {**rest, guess.ours: guess}))


def _ordered(table: str, guesses: Mapping[str, Guess]) -> dict[str, Guess]:
    """In the order of the contract; those that are no column of clean tables last."""
    order = [*fields_of(table)]
    return dict(sorted(guesses.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)))


def _files(table: FoundTable) -> frozenset[str]:
    """The files or the address of which a table is all that there is; none of a sheet or a database's table."""
    files: str | list[str] = [] if "sheet" in table.reading else table.reading.get("file", table.reading.get("api", []))
    return frozenset([files] if isinstance(files, str) else files)


def _unused(looked: Looked, used: Sequence[TableProposal], done: Sequence[Behaviour]) -> dict[str, str]:
    """Tables that nothing is made from, with the reason."""
    there = {id(one.found) for one in used} | {id(join.found) for one in used for join in one.joins}
    # A table that is read in one way needs no word on the others.
    read = frozenset[str]().union(*(_files(one.found) for one in used))
    again = {id(one.candidate.found): one.table for one in done}
    beside = frozenset[str]().union(*(one.beside for one in used))
    rest = {
        table.name: f"it looks like {again[id(table)]}, of which another table says more"
        if id(table) in again
        else "it looks like none of our tables"
        for table in looked.tables
        if id(table) not in there
        and not ("explode" in table.reading or _files(table) & read or {*map(_file_name, _files(table))} & beside)
    }
    return rest | dict(looked.passed_over)
