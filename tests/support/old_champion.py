"""A shop whose champion is so old that a round of monitoring retrains for its age alone, without any traffic."""

import pandas as pd

from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.tables import Tables


def shop_with_an_old_champion(folder, config=""):
    """The workspace of ``shop.yaml``, which is written with ``config.yaml`` into ``folder``."""
    (folder / "shop.yaml").write_text("name: shop\nsynthetic: {}\n")
    (folder / "config.yaml").write_text(config)
    workspace = Workspace(folder / "var" / "shop")
    products = pd.DataFrame({c.PRODUCT_ID: ["a", "b"], c.NAME: ["A", "B"]})
    bought = pd.DataFrame(
        {
            c.TRANSACTION_ID: ["t1"],
            c.CUSTOMER_ID: ["c1"],
            c.PRODUCT_ID: ["a"],
            c.QUANTITY: 1,
            c.POSITION: 0,
            c.TIME: pd.to_datetime(["2025-01-01"], utc=True).as_unit("us"),
        }
    )
    Tables(products=products, transactions=bought).write(workspace.tables)
    workspace.promote({"version": "v1", "promoted_at": "2025-01-01T00:00:00+00:00"})
    return workspace
