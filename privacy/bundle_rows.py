"""Bundles that know what a customer avoids: one in service is named; a copy or a retired version is removed."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from privacy.identity import CustomerIdentity
from recommender.models.avoidances import PART

#: The file of a bundle that names customers.
CUSTOMERS: Final = f"{PART}/customers.npy"


@dataclass(frozen=True)
class BundleRows:
    """A bundle, whose files a manifest vouches for: a row cannot be removed from it.

    Attributes:
        path: The file that names customers.
        copy: Folder that goes as a whole if it knows the customer: no model in service needs it; None where one does.
    """

    name: str
    path: Path
    copy: Path | None = None

    def count(self, customer: CustomerIdentity) -> int:
        """How many of the pseudonyms are the customer's."""
        if not self.path.is_file():
            return 0
        known = np.load(self.path, mmap_mode="r", allow_pickle=False)
        return int(np.isin(known, np.array(customer.bundle_keys, np.uint64)).sum())

    def remove(self, _: CustomerIdentity) -> None:
        """Remove a copy or retired version; a model in service stays until a later one takes its place."""
        if self.copy is not None and self.copy.exists():
            # In one rename, so that no half of it is ever taken for a whole one.
            gone = self.copy.rename(self.copy.with_name(f".{self.copy.name}.partial-erased"))
            shutil.rmtree(gone)

    def settle(self, resumed: bool) -> None:
        """A folder that was not removed whole is hidden, and is removed with those of killed writers."""
