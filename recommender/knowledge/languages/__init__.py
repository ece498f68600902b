"""What ingredients are called in national languages: a table for each, and the code that reads them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infrastructure.errors import ConfigError
from recommender.knowledge.national_names import Language
from recommender.knowledge.schema import LanguageFile, read_knowledge_file

_ALTERNATIVES: Final = "/"


def read_languages(folder: Path) -> Iterator[Language]:
    """The tables of a folder, one a language.

    Raises:
        ConfigError: A file is wrong, has a word twice, or a meaning that is not in Latin letters.
    """
    for path in sorted(folder.glob("*.yaml")):
        table = read_knowledge_file(LanguageFile, path)
        yield Language(_words(table, path.name), table.glue, table.signs, table.compounds, table.latin)


def _words(table: LanguageFile, file: str) -> dict[str, str]:
    """Meanings by word, each spelling of it an entry."""
    words: dict[str, str] = {}
    for group, parts in table.parts.items():
        for alternatives, meaning in parts.items():
            if not meaning.strip() or not meaning.isascii():
                field = f"parts.{group}.{alternatives}"
                raise ConfigError("A meaning is a name in Latin letters.", where=file, field=field, value=meaning)
            for word in alternatives.split(_ALTERNATIVES):
                if words.setdefault(word, meaning) != meaning:
                    raise ConfigError(
                        "One word twice.", where=file, field=f"parts.{group}", value=word, expected=words[word]
                    )
    return words
