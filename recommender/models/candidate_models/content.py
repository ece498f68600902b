"""Content-based similarity of products: TF-IDF over their texts."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from recommender.contract import columns as c
from recommender.models.candidate_models.sparse_matrices import Matrix, keep_strongest_per_row, without_diagonal

_BESIDE_NAME = 0.5  # weight of brand, category and the rest against the name
_LONG = (c.DESCRIPTION,)  # texts of sentences, of which word pairs would be most of all terms and say little
_FEW = 1000  # products below which no term is dropped as too rare or too common
_COMMON = 0.03
_ROWS_AT_ONCE = 1000
_CELLS_AT_ONCE = 1 << 26  # both keep a product of two text matrices small, the second one in large catalogues


def text_matrix(fields: Mapping[str, Sequence[str]]) -> Matrix:
    """Products × terms with unit rows: one TF-IDF a field (words and, of short texts, word pairs), side by side.

    Terms of more than 3 % of the products are left out: they say little, and cost most of the time.
    """
    blocks = [
        _tfidf(texts, pairs=field not in _LONG) * np.float32(1 if field == c.NAME else _BESIDE_NAME)
        for field, texts in fields.items()
        if any(text.strip() for text in texts)
    ]
    if not blocks:
        return sparse.csr_matrix((len(next(iter(fields.values()))), 1), dtype=np.float32)
    return cast(Matrix, normalize(sparse.csr_matrix(sparse.hstack(blocks), dtype=np.float32)))


def cosine_neighbours(texts: Matrix, neighbours: int) -> Matrix:
    """Cosine of each product with its ``neighbours`` most alike."""
    rows: list[Matrix] = []
    at_once = max(1, min(_ROWS_AT_ONCE, _CELLS_AT_ONCE // texts.shape[0]))
    for start in range(0, texts.shape[0], at_once):
        block = sparse.coo_matrix(texts[start : start + at_once] @ texts.T)
        block.data[block.row + start == block.col] = 0
        rows.append(keep_strongest_per_row(sparse.csr_matrix(block), neighbours))
    return without_diagonal(sparse.csr_matrix(sparse.vstack(rows)))


def text_vectors(texts: Matrix, width: int, seed: int) -> NDArray[np.float32]:
    """Latent semantic analysis (Deerwester and others, 1990): products × at most ``width`` numbers."""
    width = min(width, *(size - 1 for size in texts.shape))
    if width < 1:
        return np.zeros((texts.shape[0], 1), np.float32)
    pressed = TruncatedSVD(width, n_iter=3, random_state=seed).fit_transform(texts)
    return np.asarray(pressed, np.float32)


def _tfidf(texts: Sequence[str], *, pairs: bool) -> Matrix:
    few = len(texts) < _FEW
    vectorizer = TfidfVectorizer(
        sublinear_tf=True,
        min_df=1 if few else 2,
        max_df=1.0 if few else _COMMON,
        ngram_range=(1, 2 if pairs else 1),
    )
    try:
        return sparse.csr_matrix(vectorizer.fit_transform(texts), dtype=np.float32)
    except ValueError:  # no term is left: all are too short, too rare or too common
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
