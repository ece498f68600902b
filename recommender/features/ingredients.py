"""Ingredient vectors: products with similar labels point in similar directions."""

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from recommender.contract import columns as c
from recommender.data.parsing.cells import column_cells, texts_in
from recommender.features.definitions import EMBEDDING_WIDTH
from recommender.knowledge.knowledge import Knowledge

_DIGITS: Final = 5
"""Digits to which numbers are rounded: sums in another order change the digits behind."""


def ingredient_vectors(products: pd.DataFrame) -> "pd.Series[Any]":
    """Latent semantic analysis of the labels (Deerwester and others, 1990), by product id.

    Each label is the set of its ingredients under their INCI names, weighted by TF-IDF and pressed by a truncated SVD.

    Returns:
        Lists of :data:`~recommender.features.definitions.EMBEDDING_WIDTH` numbers of length 1 in all, zeros at the end
        where the labels hold fewer directions; an empty list where a product has no label.
    """
    knowledge = Knowledge.load()
    names = [[knowledge.name(name) for name in texts_in(cell)] for cell in column_cells(products, c.INGREDIENTS)]
    there = [at for at, label in enumerate(names) if label]
    vectors: list[list[float]] = [[] for _ in names]
    for at, vector in zip(there, _vectors([names[at] for at in there]), strict=True):
        vectors[at] = vector.tolist()
    return pd.Series(vectors, index=pd.Index(products[c.PRODUCT_ID]), dtype=object)


def _vectors(labels: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    found = np.zeros((len(labels), EMBEDDING_WIDTH))
    if not labels:
        return found
    # A label is already a list of names.
    weighed: Any = TfidfVectorizer(analyzer=list).fit_transform(labels)
    width = min(EMBEDDING_WIDTH, *(size - 1 for size in weighed.shape))
    if width < 1:
        found[:, 0] = 1.0
        return found
    pressed = TruncatedSVD(width, n_iter=7, random_state=0).fit_transform(weighed)
    found[:, :width] = cast("NDArray[np.float64]", normalize(pressed))
    return np.round(found, _DIGITS)
