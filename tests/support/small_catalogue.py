"""Catalogues written by hand."""

from typing import Any

import pandas as pd

from recommender.contract.tables import Tables
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.catalogue_building import build_catalogue


def small_catalogue(*products: dict[str, Any]) -> Catalogue:
    """Products p0, p1, ... with the given columns."""
    rows = [{"product_id": f"p{i}", "name": f"Product {i}"} | row for i, row in enumerate(products)]
    return build_catalogue(Tables(products=pd.DataFrame(rows)))
