"""Takes regular expressions apart, so that a test can try each of their alternatives by itself."""

from collections.abc import Iterator

_LOOKS_AROUND = ("(?!", "(?=", "(?<!", "(?<=")


def alternatives(expression: str) -> Iterator[str]:
    """``expression`` once for each alternative in it, with that alternative alone in its place.

    "a(b|c)d|e" gives "abd" and "acd" (in groups) and "e"; what only looks around is left whole.
    """
    for branch in _branches(expression):
        inner = [*_groups(branch)]
        choices = [(start, end, one) for start, end in inner for one in _within(branch[start:end])]
        if not choices:
            yield branch
        for start, end, one in choices:
            yield f"{branch[:start]}{one}{branch[end:]}"


def _within(group: str) -> Iterator[str]:
    """A group once for each alternative in it; nothing where there is no choice."""
    if not group.startswith(_LOOKS_AROUND):
        head = "(?:" if group.startswith("(?:") else "("
        found = [*alternatives(group[len(head) : -1])]
        yield from (f"{head}{one})" for one in found if len(found) > 1)


def _branches(expression: str) -> Iterator[str]:
    """The parts between the bars that stand in no group."""
    start = 0
    for at, depth in _depths(expression):
        if expression[at] == "|" and depth == 0:
            yield expression[start:at]
            start = at + 1
    yield expression[start:]


def _groups(branch: str) -> Iterator[tuple[int, int]]:
    """Where the outermost groups begin and end."""
    start = 0
    for at, depth in _depths(branch):
        if branch[at] == "(" and depth == 0:
            start = at
        if branch[at] == ")" and depth == 1:
            yield start, at + 1


def _depths(expression: str) -> Iterator[tuple[int, int]]:
    """Each sign that is neither escaped nor in square brackets, with the number of groups it stands in."""
    depth, at, bracketed = 0, 0, False
    while at < len(expression):
        sign = expression[at]
        if sign == "\\":
            at += 2
            continue
        bracketed = sign == "[" or (bracketed and sign != "]")
        if not bracketed:
            yield at, depth
            depth += (sign == "(") - (sign == ")")
        at += 1
