"""What customers had declared to avoid when the model was trained: known also while the online store is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import customer_hash
from recommender.models.bundle import Bundle, BundleWriter

PART: Final = "avoidances"


@dataclass(frozen=True)
class Avoidances:
    """Customers by pseudonym, and what each avoids.

    Such a bundle contains what customers declared about their health: pseudonyms keep ids out of it, but anyone who
    knows an id can look it up.

    Attributes:
        customers: uint64 [n], ascending: ``customer_hash`` as a number.
        which: int32 [n], positions in ``wishes``.
        wishes: The different sets of ingredients and families.
        complete: Whether all declarations are here; if not, a customer who is absent may have declared something.
    """

    customers: NDArray[np.uint64]
    which: NDArray[np.int32]
    wishes: Sequence[Sequence[str]]
    complete: bool = True

    @classmethod
    def from_declared(cls, declared: Mapping[str, Sequence[str]]) -> Self:
        """What these customers, by id, have declared; an empty declaration is none."""
        wishes = sorted({tuple(wish) for wish in declared.values() if wish})
        number = {wish: position for position, wish in enumerate(wishes)}
        rows = sorted((_key(customer), number[tuple(wish)]) for customer, wish in declared.items() if wish)
        return cls(
            np.array([key for key, _ in rows], np.uint64), np.array([which for _, which in rows], np.int32), wishes
        )

    @classmethod
    def unknown(cls) -> Self:
        """For a model of which it is not known whether customers had declared anything."""
        return cls(np.empty(0, np.uint64), np.empty(0, np.int32), (), complete=False)

    @property
    def nobody_declared(self) -> bool:
        """Whether it is certain that no customer had declared anything."""
        return self.complete and not len(self.customers)

    def avoided_by(self, customer_id: str) -> tuple[str, ...]:
        """What the customer had declared to avoid; empty for a customer who is not here."""
        key = np.uint64(_key(customer_id))
        start = self.customers.searchsorted(key)  # the method: np.searchsorted takes several times as long
        if start == len(self.customers) or self.customers[start] != key:
            return ()
        stop = self.customers.searchsorted(key, side="right")
        # Should two customers ever share a pseudonym, each is spared what either avoids.
        found = (word for which in self.which[start:stop].tolist() for word in self.wishes[int(which)])
        return tuple(dict.fromkeys(found))

    def write(self, bundle: BundleWriter) -> None:
        """Keep it in a bundle."""
        bundle.arrays(PART, {"customers": self.customers, "which": self.which})
        bundle.json(PART, self.wishes)

    @classmethod
    def read(cls, bundle: Bundle) -> Self:
        """What a bundle keeps."""
        arrays = bundle.arrays(PART)
        return cls(arrays["customers"], arrays["which"], bundle.json(PART))


def _key(customer_id: str) -> int:
    return int(customer_hash(customer_id), 16)
