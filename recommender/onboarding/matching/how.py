"""How one of our columns is read from theirs: format, values, separator, unit; as a source file says it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from recommender.contract import columns as c
from recommender.contract.fields import Kind, fields_of
from recommender.onboarding.matching.words.known_values import meanings
from recommender.onboarding.matching.words.terms import compared
from recommender.onboarding.profiling.profile import Profile

_CENTS: Final = frozenset(
    ("cent", "cents", "pence", "minor", "centimes", "centavos", "centimos", "rappen", "ore", "grosze")
)
_UNWRAPPED: Final = '^(?:=")?([^"]*)'
"""What stands within ="7", as spreadsheets write a number that is to stay a text."""
_YEAR: Final = "((?:19|20)[0-9]{2})"
_LISTS: Final = (c.CONCERNS, c.AVOIDED_INGREDIENTS, c.FUNCTIONS)
_PERSONAL: Final = (
    c.CUSTOMER_ID, c.BIRTH_YEAR, c.REGION, c.AVOIDED_INGREDIENTS, c.TRANSACTION_ID, c.SESSION_ID, c.EVENT_ID, c.QUERY,
)  # fmt: skip


def how_to_read(profile: Profile, ours: str, table: str) -> tuple[dict[str, Any], str]:
    """The keys beside ``from``, and what is doubtful about them in a sentence, or nothing."""
    keys, doubt = _by_kind(profile, ours, table)
    return ({**keys, "extract": _UNWRAPPED} if profile.wrapped else keys), doubt


def _by_kind(profile: Profile, ours: str, table: str) -> tuple[dict[str, Any], str]:
    field = fields_of(table).get(ours)
    if field is None:
        return {}, ""
    if ours == c.BIRTH_YEAR and not profile.numeric:
        return {"extract": _YEAR}, ""
    if field.kind is Kind.TIME:
        return _time(profile)
    if field.kind is Kind.TEXTS:
        return _list(profile, ours)
    if field.kind in (Kind.NUMBER, Kind.COUNT):
        return _number(profile, ours)
    if ours in (c.SKIN_TYPE, c.TYPE):
        return _translated(profile.counts, ours)
    return (_category(profile), "") if ours == c.CATEGORY else ({}, "")


def shown_examples(profile: Profile, ours: str) -> tuple[str, ...]:
    """Values that may be shown: none of persons, none that are long."""
    if ours in _PERSONAL or profile.emails > 0:
        return ()
    return tuple(text if len(text) <= 40 else f"{text[:37]}…" for text in profile.examples)


def _time(profile: Profile) -> tuple[dict[str, Any], str]:
    times = profile.times
    if times is None or not times.formats:
        return {}, ""
    keys = {"format": times.formats[0] if len(times.formats) == 1 else list(times.formats)}
    if times.other is not None and times.why.startswith("nothing"):
        return keys, f"{times.why} (it might be {times.other})"
    return keys, ""


def _list(profile: Profile, ours: str) -> tuple[dict[str, Any], str]:
    entries = profile.entries
    keys = dict[str, Any]()
    if entries is not None and entries.literal:
        keys["literal"] = True
    elif entries is not None and entries.separator is not None and ours in _LISTS:
        keys["separator"] = entries.separator
    if ours != c.CONCERNS:
        return keys, ""
    values, doubt = _translated(entries.counts if entries is not None else profile.counts, ours)
    return keys | values, doubt


def _number(profile: Profile, ours: str) -> tuple[dict[str, Any], str]:
    words = set(compared(profile.name).words)
    if ours in (c.PRICE, c.UNIT_PRICE) and words & _CENTS:
        return {"scale": 0.01}, ""
    return {}, ""


def _translated(counts: Counter[str], ours: str) -> tuple[dict[str, Any], str]:
    """The words that are not ours already, and which are not known."""
    found, share = meanings(counts, ours)
    values: dict[str, Any] = {word: meaning for word, meaning in found.items() if word != meaning and _said(meaning)}
    unknown = [word for word, _ in counts.most_common() if word not in found]
    if ours == c.TYPE:
        values |= {word: word for word, meaning in found.items() if not _said(meaning) and word != meaning}
    keys = {"values": values} if values else {}
    if not unknown or share > 0.98 or (ours == c.CONCERNS and share > 0.5):
        return keys, ""
    listed = ", ".join(f"'{word}'" for word in unknown[:5])
    return keys, f"not known is the meaning of {listed}; add it to 'values' (null for none)"


def _said(meaning: str) -> bool:
    return meaning != "remove_from_cart"


def _category(profile: Profile) -> dict[str, Any]:
    if profile.entries is not None and profile.entries.literal:
        return {"literal": True}
    if profile.path is not None and profile.path.strip() in (">", "»", "›", "|"):  # noqa: RUF001 (the signs that are meant)
        return {"separator": profile.path.strip()}
    if profile.path == " / ":
        return {"separator": " / "}
    return {}


def number_marks(profiles: Mapping[str, Profile]) -> tuple[dict[str, Any], str]:
    """Decimal mark and mark between thousands of the columns of numbers of one table, and what is doubtful."""
    marked = [
        p for p in profiles.values() if p.numbers is not None and (p.numbers.decimal == "," or p.numbers.thousands)
    ]
    if not marked:
        return {}, ""
    votes = Counter((p.numbers.decimal, p.numbers.thousands) for p in marked if p.numbers is not None)
    (decimal, thousands), _ = votes.most_common(1)[0]
    keys = dict[str, Any]()
    if decimal != ".":
        keys["decimal"] = decimal
    if thousands and thousands != ("." if decimal == "," else ""):
        keys["thousands"] = thousands
    against = [p.name for p in profiles.values() if p.numbers is not None and _contradicts(p, decimal)]
    unsure = [p.name for p in marked if p.numbers is not None and not p.numbers.certain]
    if against:
        return keys, f"in {', '.join(against)} numbers are written in another way, which one 'decimal' cannot say"
    return keys, f"whether 1.125 in {', '.join(unsure)} is 1125 nothing shows" if len(unsure) == len(marked) else ""


def _contradicts(profile: Profile, decimal: str) -> bool:
    numbers = profile.numbers
    return numbers is not None and numbers.certain and numbers.whole < 1 and numbers.decimal != decimal
