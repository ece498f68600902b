"""One customer under every name that the platform's stores have for them."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from recommender.contract import columns as c
from recommender.contract.identifiers import normalised_id
from recommender.contract.query import customer_hash
from serving.customers.feast_layout import entity_key

#: Characters of a longer word that an identifier may be part of.
_WORD_CHARACTERS: Final = "[0-9A-Za-z_-]"
_KEY_START: Final = entity_key(c.CUSTOMER_ID, "")[:-4]
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True)
class CustomerIdentity:
    """The names of one customer.

    Attributes:
        typed: The id as it was given.
        salt: Of the pseudonyms in the log of impressions (``serving.customer_salt``).
    """

    typed: str
    salt: str

    @cached_property
    def customer_id(self) -> str:
        """The id as it is compared."""
        return normalised_id(self.typed)

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """The id, and other spellings under which an earlier version may have kept it."""
        decimal = [f"{self.customer_id}.0"] if normalised_id(f"{self.customer_id}.0") == self.customer_id else []
        return tuple(dict.fromkeys([self.customer_id, self.typed, *decimal]))

    @cached_property
    def pseudonyms(self) -> tuple[str, ...]:
        """The names in the log of impressions."""
        return tuple(customer_hash(spelling, self.salt) for spelling in self.spellings)

    @cached_property
    def bundle_keys(self) -> tuple[int, ...]:
        """The names by which bundles know what customers avoid (``recommender.models.avoidances``)."""
        return tuple(int(customer_hash(spelling), 16) for spelling in self.spellings)

    @cached_property
    def entity_keys(self) -> tuple[bytes, ...]:
        """The keys in Feast's online store."""
        return tuple(entity_key(c.CUSTOMER_ID, spelling) for spelling in self.spellings)

    def is_named(self, text: str) -> bool:
        """Whether a text is this customer's id, however it is spelt."""
        return text == self.customer_id or normalised_id(text) == self.customer_id

    def is_keyed(self, key: bytes) -> bool:
        """Whether a key of Feast's online store is this customer's."""
        if not key.startswith(_KEY_START):
            return False
        return self.is_named(key[len(_KEY_START) + _LENGTH_BYTES :].decode(errors="replace"))

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """Id and pseudonyms as whole words, for a search: c1 is not in c10."""
        either = "|".join(map(re.escape, self.texts))
        return re.compile(f"(?<!{_WORD_CHARACTERS})(?:{either})(?!{_WORD_CHARACTERS})".encode())

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What is searched for."""
        return tuple(dict.fromkeys([self.customer_id, self.typed, *self.pseudonyms]))
