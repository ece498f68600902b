import ast
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from recommender.data.labels import ingredients
from recommender.knowledge.knowledge import Knowledge

SEPHORA = Path(__file__).parents[3] / "../shared/data/sephora/skincare_products.csv.gz"


@pytest.mark.shared_data
@pytest.mark.skipif(not SEPHORA.is_file(), reason="the Sephora data are not in ../shared/data")
def test_most_of_what_labels_print_is_known():
    labels = pd.read_csv(SEPHORA, usecols=["ingredients"])["ingredients"].dropna().map(ast.literal_eval)
    mentions = Counter(name for label in labels for name in ingredients(label))
    knowledge = Knowledge.load()
    known = {name: knowledge.label(name) for name in mentions}
    total = mentions.total()
    assert sum(count for name, count in mentions.items() if known[name].ingredients) / total >= 0.8
    assert sum(count for name, count in mentions.items() if known[name].terms) / total >= 0.95
