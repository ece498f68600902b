"""Batch recommendation: every customer with history, from a model fitted on everything."""

import tempfile
from pathlib import Path

import pandas as pd

from infrastructure.errors import RequestError
from infrastructure.files import write_atomically
from infrastructure.progress import note, timed
from infrastructure.workspace import Workspace
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract.query import MAXIMUM_K
from recommender.data.cleaning.prepare import prepare
from recommender.data.forgotten_customers import with_feedback_and_erasures
from recommender.data.sources.ingest import ingest
from recommender.engine.engine import Engine
from recommender.engine.many_answers import answer_all
from recommender.engine.queries import queries_from_tables
from recommender.training.bundles import fit_on_everything


def write_recommendations(source: Path, target: Path, k: int, config: RecommenderConfig) -> int:
    """Write customer_id, product_id, rank (from 1) and score of each customer's ``k`` products; returns the row count.

    The Parquet file ``target`` appears whole or not at all.

    Raises:
        RequestError: ``k`` is out of range.
        DataError: The data cannot be used.
    """
    if not 1 <= k <= MAXIMUM_K:
        raise RequestError("The list length is out of range.", field="k", value=k, expected=f"1 to {MAXIMUM_K}")
    raw = ingest(source)
    # What customers declared, and who was forgotten, holds for this list, too.
    tables = prepare(with_feedback_and_erasures(raw, Workspace.named(raw.name)), config).tables
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        data = fit_on_everything(tables, config, bundle)
        engine = Engine.load(bundle)
        with timed("recommended", customers=len(data.customer_ids)):
            answers = answer_all(engine, queries_from_tables(tables, data.customer_ids, config.seed, k))
    rows = pd.DataFrame(
        [
            (answer.customer_id, item.product_id, rank, item.score)
            for answer in answers
            for rank, item in enumerate(answer.items, start=1)
        ],
        columns=[c.CUSTOMER_ID, c.PRODUCT_ID, c.RANK, c.SCORE],
    )
    write_atomically(target, rows.to_parquet(index=False))
    note(f"wrote {target}", rows=len(rows))
    return len(rows)
