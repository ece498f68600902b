"""Whether the knowledge files fit together."""

from collections.abc import Iterable, Mapping
from typing import Final

from infrastructure.errors import ConfigError
from recommender.knowledge import inci
from recommender.knowledge.korean import HANGUL
from recommender.knowledge.schema import Concern, Ingredient, IngredientFamily

_INGREDIENTS: Final = "ingredients.yaml"
_FAMILIES: Final = "families.yaml"
_KOREAN: Final = "korean.yaml"


def merged_parts(groups: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The parts of Korean names of all groups in one table.

    Raises:
        ConfigError: A part has two meanings, is not Korean, or its meaning has no Latin letters.
    """
    table: dict[str, str] = {}
    for group, parts in groups.items():
        for part, meaning in parts.items():
            field = f"parts.{group}.{part}"
            if part in table:
                raise ConfigError("One part twice.", where=_KOREAN, field=field, value=meaning, expected=table[part])
            if not HANGUL.search(part):
                raise ConfigError("A part of a Korean name has Korean letters.", where=_KOREAN, field=field)
            if not meaning.strip("- ") or not meaning.isascii():
                raise ConfigError("A meaning is a Latin name.", where=_KOREAN, field=field, value=meaning)
            table[part] = meaning
    return table


def check_references(
    ingredients: Mapping[str, Ingredient], families: Mapping[str, IngredientFamily], concerns: Mapping[str, Concern]
) -> None:
    """Refuse files that refer to something that does not exist, or give one name two meanings.

    Raises:
        ConfigError: A family or concern has no entry; a synonym is used where an INCI name is needed; one synonym
            stands for two ingredients.
    """
    owners = _owners_of_names(ingredients)
    for key, entry in ingredients.items():
        _refuse_unknown(entry.concerns, concerns, file=_INGREDIENTS, field=f"{key}.concerns")
    for key, family in families.items():
        _refuse_unknown(family.families, families, file=_FAMILIES, field=f"{key}.families")
        _refuse_unknown(family.concerns, concerns, file=_FAMILIES, field=f"{key}.concerns")
        for member in family.members:
            _refuse_synonym(member, owners, field=f"{key}.members")


def _owners_of_names(ingredients: Mapping[str, Ingredient]) -> dict[str, str]:
    """Ingredient by each of its names; one name for two ingredients is refused."""
    owners: dict[str, str] = {}
    for key, entry in ingredients.items():
        for name in (key, *entry.synonyms):
            owner = owners.setdefault(inci.normalise(name), key)
            if owner != key:
                raise ConfigError(
                    "One name for two ingredients.", where=_INGREDIENTS, field=f"{key}.synonyms", value=name
                )
    return owners


def _refuse_synonym(member: str, owners: Mapping[str, str], *, field: str) -> None:
    owner = owners.get(inci.normalise(member), member)
    if owner != member:
        raise ConfigError(
            "A synonym where the INCI name is wanted.", where=_FAMILIES, field=field, value=member, expected=owner
        )


def _refuse_unknown(named: Iterable[str], known: Mapping[str, object], *, file: str, field: str) -> None:
    for name in named:
        if name not in known:
            raise ConfigError(
                "There is no entry of this name.", where=file, field=field, value=name, expected=", ".join(known)
            )
