"""Batch recommendation: every customer with history, from a model fitted on everything."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from infrastructure.errors import RequestError
from infrastructure.files import write_atomically
from infrastructure.progress import note, timed
from infrastructure.workspace import Workspace
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract.query import MAXIMUM_K, Item, Recommendation
from recommender.data.cleaning.prepare import prepare
from recommender.data.forgotten_customers import with_feedback_and_erasures
from recommender.data.interactions import interactions
from recommender.data.sources.ingest import ingest
from recommender.engine.engine import Engine
from recommender.engine.many_answers import answer_all
from recommender.engine.queries import queries_from_tables
from recommender.models.products.catalogue import Catalogue
from recommender.training.bundles import fit_on_everything
from recommender.training.recommendation_file import COLUMNS, check_rows, check_target, encoded


def write_recommendations(source: Path, target: Path, k: int, config: RecommenderConfig) -> int:
    """Write each customer's ``k`` products, ranked from 1, with names and reasons; returns the row count.

    The file ``target`` has the columns ``recommendation_file.COLUMNS`` in the format of its name's ending (.csv,
    .jsonl, .parquet or .xlsx), and appears whole or not at all.

    Raises:
        RequestError: ``k`` is out of range, or the format is not known or cannot hold so much.
        DataError: The data cannot be used.
    """
    if not 1 <= k <= MAXIMUM_K:
        raise RequestError("The list length is out of range.", field="k", value=k, expected=f"1 to {MAXIMUM_K}")
    check_target(target)
    raw = ingest(source)
    # What customers declared, and who was forgotten, holds for this list, too.
    tables = prepare(with_feedback_and_erasures(raw, Workspace.named(raw.name)), config).tables
    check_rows(target, interactions(tables)[c.CUSTOMER_ID].nunique() * k)
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        data = fit_on_everything(tables, config, bundle)
        engine = Engine.load(bundle)
        with timed("recommended", customers=len(data.customer_ids)):
            queries = queries_from_tables(tables, data.customer_ids, config.seed, k)
            answers = answer_all(engine, queries, reasons=True)
    rows = _rows(answers, engine.catalogue)
    write_atomically(target, encoded(rows, target))
    note(f"wrote {target}", rows=len(rows))
    return len(rows)


def _rows(answers: Sequence[Recommendation], catalogue: Catalogue) -> pd.DataFrame:
    """One row a recommended product, columns as ``COLUMNS``."""
    found = [
        (answer.customer_id, item.product_id, rank, item.score, *_about(item, catalogue))
        for answer in answers
        for rank, item in enumerate(answer.items, start=1)
    ]
    return pd.DataFrame(found, columns=[*COLUMNS])


def _about(item: Item, catalogue: Catalogue) -> tuple[str, str | None, str, str]:
    """The product's name (its id where it has none) and brand, the reasons as sentences, and their kinds."""
    place = catalogue.index[item.product_id]
    sentences, kinds = " ".join(why.text for why in item.reasons), " ".join(why.kind for why in item.reasons)
    return catalogue.names[place] or item.product_id, catalogue.brands[place] or None, sentences, kinds
