"""Split: products of customers are held out to judge by."""

from kfp import dsl

from components.running.component import component


@component()
def split_data(tables: dsl.Input[dsl.Dataset], config: str, parts: dsl.Output[dsl.Dataset]) -> None:
    """Hold out products to judge by, as ``evaluation.split`` says; what is held out is never learnt from.

    Args:
        tables: The clean tables.
        config: Every parameter, as JSON.
        parts: Training tables and held-out transactions.
    """
    from components.running.step import step

    with step("split"):
        from pathlib import Path

        from recommender.contract.tables import Tables
        from recommender.splits import split
        from settings.config import Config

        found = split(Tables.read(Path(tables.path)), Config.from_json(config))
        found.write(Path(parts.path))
        parts.metadata["test_rows"] = len(found.test)
