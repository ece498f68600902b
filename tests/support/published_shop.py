"""A very small shop whose features are published."""

import pandas as pd

from feature_repo.publish import publish
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.features.build import write_features

DAY = 86_400
BOUGHT = 1_735_689_600  # 2025-01-01


def tables(dated=True):
    times = pd.to_datetime([BOUGHT, BOUGHT + DAY] if dated else [None, None], unit="s", utc=True).as_unit("us")
    return Tables(
        products=pd.DataFrame({c.PRODUCT_ID: ["p1", "p2", "p3"], c.NAME: ["Cream", "Serum", "Toner"]}),
        customers=pd.DataFrame({c.CUSTOMER_ID: ["ann", "bob"], c.SKIN_TYPE: ["dry", None]}),
        transactions=pd.DataFrame(
            {
                c.TRANSACTION_ID: ["t1", "t2"],
                c.CUSTOMER_ID: "ann",
                c.PRODUCT_ID: ["p1", "p2"],
                c.QUANTITY: 1,
                c.POSITION: [0, 0],
                c.TIME: times,
            }
        ),
    )


def published(tmp_path, tables):
    write_features(tables, tmp_path / "features")
    publish(tmp_path / "features", tmp_path / "feast")
