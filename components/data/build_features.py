"""Build features: what the feature store will hold of customers and products, and monitoring's reference."""

from kfp import dsl

from components.running.component import component


@component()
def build_features(
    tables: dsl.Input[dsl.Dataset],
    config: str,
    features: dsl.Output[dsl.Dataset],
    reference: dsl.Output[dsl.Dataset],
) -> None:
    """Compute every feature view of the clean tables, once, for training, batch and online use.

    Args:
        tables: The clean tables.
        config: Every parameter, as JSON.
        features: One Parquet file a feature view.
        reference: What monitoring compares later traffic with, and the gate later data.
    """
    from components.running.step import step

    with step("features"):
        from pathlib import Path

        from monitoring.reference import write_reference
        from recommender.contract.tables import Tables
        from recommender.evaluation.data_loss import write_interaction_sample
        from recommender.features.build import write_features
        from settings.config import Config

        settings = Config.from_json(config).compute
        features.metadata.update(write_features(Path(tables.path), Path(features.path), settings=settings))
        clean = Tables.read(Path(tables.path))
        write_reference(clean, Path(reference.path))
        write_interaction_sample(clean, Path(reference.path))
