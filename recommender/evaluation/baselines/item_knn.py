"""Item-kNN: the neighbourhood model that published comparisons call by this name, as a baseline."""

import numpy as np
from scipy import sparse

from recommender.models.candidate_models.sparse_matrices import Matrix
from recommender.models.candidate_models.transitions import MOST_STEPS
from recommender.models.histories import Histories


def cosine_of_uses(histories: Histories) -> Matrix:
    """Cosine of two products' customers, each a use or none: product × product, nothing on the diagonal.

    Sarwar, Karypis, Konstan and Riedl, "Item-based collaborative filtering recommendation algorithms" (2001); Ferrari
    Dacrema, Cremonesi and Jannach, "Are we really making much progress?" (2019), on how strong it is. Of very long
    histories the latest uses count, as in every other model here.
    """
    uses = histories.recent(MOST_STEPS).matrix()
    both = sparse.csr_matrix(uses.T @ uses, dtype=np.float32)
    counts = np.asarray(both.diagonal(), np.float64)
    scale = sparse.diags(1 / np.sqrt(np.maximum(counts, 1)))
    both.setdiag(0)
    both.eliminate_zeros()
    return sparse.csr_matrix(scale @ both @ scale, dtype=np.float32)
