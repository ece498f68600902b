"""Which model a customer is given while two are compared."""

import hashlib
from typing import Final, Literal

Variant = Literal["champion", "challenger"]

CHAMPION: Final[Variant] = "champion"
CHALLENGER: Final[Variant] = "challenger"

_BYTES: Final = 8
#: Bits of a place, as many as a float holds exactly: so every place is below 1.
_BITS: Final = 53


def variant_of(customer: str, salt: str, share: float) -> Variant:
    """The variant of a customer: always the same for the same salt, and independent between salts.

    A customer who has the challenger at one share keeps it at every higher one. Customers without a pseudonym have the
    champion, as they cannot be recognised later.

    Args:
        customer: The customer's pseudonym (:func:`recommender.contract.query.customer_hash`), "" for an
            unknown customer.
        salt: The experiment's name, so that experiments draw their customers independently.
        share: Of the customers who have the challenger, 0 to 1.
    """
    return CHALLENGER if customer and _place(customer, salt) < share else CHAMPION


def _place(customer: str, salt: str) -> float:
    """A place in [0, 1), uniform over customers."""
    digest = hashlib.blake2b(f"{salt}\0{customer}".encode(), digest_size=_BYTES).digest()
    return (int.from_bytes(digest, "big") >> (8 * _BYTES - _BITS)) / 2**_BITS
