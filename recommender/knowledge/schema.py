"""Structure of the files that experts edit."""

from pathlib import Path
from typing import TypeVar

from pydantic import Field

from infrastructure.settings import Settings, checked, read_yaml

FOLDER = Path(__file__).parent
F = TypeVar("F", bound=Settings)


class Ingredient(Settings):
    """One ingredient; its key in the file is its INCI name, in lower case."""

    synonyms: tuple[str, ...] = Field(default=(), description="other names on labels, in any spelling")
    functions: tuple[str, ...] = Field(default=(), description="what it does in a product, in CosIng's words")
    concerns: tuple[str, ...] = Field(default=(), description="keys of concerns.yaml that it serves")
    exact: bool = Field(default=False, description="only meant where it is a whole name, not part of a longer one")


class IngredientFamily(Settings):
    """A group of ingredients that people avoid together."""

    meaning: str = Field(description="one sentence: what belongs to it")
    synonyms: tuple[str, ...] = Field(default=(), description="other words for the family")
    members: tuple[str, ...] = Field(default=(), description="ingredients, by name")
    families: tuple[str, ...] = Field(default=(), description="other families, all of whose members belong to this")
    words: tuple[str, ...] = Field(default=(), description="words: names that have one belong to it")
    patterns: tuple[str, ...] = Field(default=(), description="regular expressions: names that match belong to it")
    exceptions: tuple[str, ...] = Field(
        default=(), description="regular expressions: text that words and patterns must ignore"
    )
    alone: tuple[str, ...] = Field(
        default=(), description="regular expressions: names that match from end to end belong to it"
    )
    concerns: tuple[str, ...] = Field(default=(), description="keys of concerns.yaml that all of it serves")


class Concern(Settings):
    """Something about their skin that people want to address."""

    meaning: str = Field(description="one sentence")
    synonyms: tuple[str, ...] = Field(default=(), description="other words for it")


class IngredientsFile(Settings):
    """ingredients.yaml."""

    sources: tuple[str, ...]
    ingredients: dict[str, Ingredient]


class FamiliesFile(Settings):
    """families.yaml."""

    sources: tuple[str, ...]
    families: dict[str, IngredientFamily]


class Annex(Settings):
    """What one annex of the cosmetics regulation names of our families, as it was last checked."""

    edition: str = Field(description="year and month of the edition that was checked, YYYY-MM")
    last: int = Field(ge=1, description="the highest reference number of that edition: later ones are new")
    marks: str = Field(
        default="", description="words in an entry by which it falls under ``covers``; empty: every entry"
    )
    covers: tuple[str, ...] = Field(default=(), description="families of which each marked entry must belong to one")
    families: dict[str, dict[str, tuple[str, ...]]] = Field(
        description="for each family the entries that it follows: reference number, and the names as labels print them"
    )


class AnnexesFile(Settings):
    """annexes.yaml."""

    sources: tuple[str, ...]
    annexes: dict[str, Annex]


class ConcernsFile(Settings):
    """concerns.yaml."""

    sources: tuple[str, ...]
    concerns: dict[str, Concern]


class KoreanFile(Settings):
    """korean.yaml."""

    sources: tuple[str, ...]
    parts: dict[str, dict[str, str]]


class LanguageFile(Settings):
    """A file in languages/: what ingredients are called in one national language."""

    sources: tuple[str, ...]
    compounds: bool = Field(default=False, description="whether nouns are written together")
    glue: tuple[str, ...] = Field(default=(), description="words without a meaning of their own: of, and, from")
    signs: tuple[str, ...] = Field(
        default=(), description="regular expressions, without accents: a word that matches is of this language"
    )
    latin: tuple[str, ...] = Field(default=(), description="words that INCI names have as well: they show no language")
    parts: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="by group: words (alternatives with /) and what they mean"
    )


def read_knowledge_file(kind: type[F], path: Path) -> F:
    """A knowledge file, checked.

    Raises:
        ConfigError: The file is missing, not YAML, or holds an unknown or wrong key.
    """
    return checked(kind, read_yaml(path), where=path.name)
