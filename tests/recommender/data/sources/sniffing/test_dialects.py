"""How the rows of a text are written."""

import pytest

from recommender.data.sources.sniffing.dialects import dialect_of


@pytest.mark.parametrize(
    ("text", "mark", "header", "names"),
    [
        ("a,b\n1,2\n3,4\n", ",", 1, ("a", "b")),
        ('a;b\n"1,5";"x, y, z"\n"2,5";"x, y, z"\n', ";", 1, ("a", "b")),
        ("a;b\n1,5;x, y, z\n2,5;x, y, z\n", ";", 1, ("a", "b")),
        ("a\tb\n1\tx, y\n", "\t", 1, ("a", "b")),
        ("Report of sales\n\nid|name\n1|x\n2|y\n", "|", 3, ("id", "name")),
    ],
)
def test_dialects(text, mark, header, names):
    found = dialect_of(text)
    assert found is not None
    assert (found.mark, found.header, found.names) == (mark, header, names)


def test_a_text_without_cells_has_no_dialect():
    assert dialect_of("just\nwords\n") is None
