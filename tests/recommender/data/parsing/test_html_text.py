"""Descriptions: what a reader of the page would see."""

import pandas as pd
import pytest

from recommender.data.parsing.html_text import plain_texts


def plain(text: object) -> str | None:
    return plain_texts(pd.Series([text], dtype=object))[0]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>For <b>dry</b> skin.</p><ul><li>Mild</li><li>Vegan</li></ul>", "For dry skin. Mild Vegan"),
        ("Cr&egrave;me&nbsp;l&eacute;g&egrave;re &amp; mild", "Crème légère & mild"),
        ("<style>p{color:red}</style><script>if (a < b) x()</script>Gel<br/>50 ml", "Gel 50 ml"),
        ("<!-- hidden -->Gel <img src='a.png' alt='b'>", "Gel"),
        ("pH < 5 and > 3", "pH < 5 and > 3"),
        ("H<sub>2</sub>O", "H2O"),
        ("plain\n\ntext", "plain text"),
        ("<p>open <b>forgotten", "open forgotten"),
        ("<p> </p>", None),
        ("", None),
        (None, None),
    ],
)
def test_tags_and_entities_are_taken_out(html: str | None, text: str | None) -> None:
    assert plain(html) == text


def test_a_very_long_text_is_cut_after_a_word() -> None:
    found = plain("word " * 100_000)
    assert found is not None
    assert 4_990 < len(found) <= 5_000
    assert found.endswith("word")
    assert plain("<p>a</p>" + "x" * 10**6) is not None
