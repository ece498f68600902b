"""Content-based likeness of products: TF-IDF over their texts."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from recommender.models.similarity import Matrix, strongest, without_diagonal

_ROWS_AT_ONCE = 1000  # keeps the dense part of a product of two text matrices small


def text_matrix(fields: Sequence[Sequence[str]]) -> Matrix:
    """Products × terms with unit rows: one TF-IDF (words and word pairs) a field, side by side."""
    blocks = [_tfidf(texts) for texts in fields if any(text.strip() for text in texts)]
    if not blocks:
        return sparse.csr_matrix((len(fields[0]), 1), dtype=np.float32)
    return cast(Matrix, normalize(sparse.csr_matrix(sparse.hstack(blocks), dtype=np.float32)))


def likeness(texts: Matrix, neighbours: int) -> Matrix:
    """Cosine of each product with its ``neighbours`` most alike."""
    rows: list[Matrix] = []
    for start in range(0, texts.shape[0], _ROWS_AT_ONCE):
        block = sparse.coo_matrix(texts[start : start + _ROWS_AT_ONCE] @ texts.T)
        block.data[block.row + start == block.col] = 0
        rows.append(strongest(sparse.csr_matrix(block), neighbours))
    return without_diagonal(sparse.csr_matrix(sparse.vstack(rows)))


def text_vectors(texts: Matrix, width: int, seed: int) -> np.ndarray:
    """float32[products, width]: the text matrix in few dense numbers (LSA), padded with zeros if it has fewer."""
    rank = min(width, texts.shape[0] - 1, texts.shape[1] - 1)
    vectors = np.zeros((texts.shape[0], width), np.float32)
    if rank > 0:
        vectors[:, :rank] = TruncatedSVD(rank, random_state=seed).fit_transform(texts)
    return cast(np.ndarray, normalize(vectors)).astype(np.float32)


def _tfidf(texts: Sequence[str]) -> Matrix:
    vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=1 if len(texts) < 1000 else 2, ngram_range=(1, 2))
    try:
        return sparse.csr_matrix(vectorizer.fit_transform(texts), dtype=np.float32)
    except ValueError:  # no term is left: all texts are too short or stop words
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
