"""Train: the hybrid, once to be judged and once to be deployed."""

from kfp import dsl

from components.running.component import FITTING, component


@component(FITTING)
def train(
    parts: dsl.Input[dsl.Dataset],
    config: str,
    judged: dsl.Output[dsl.Model],
    model: dsl.Output[dsl.Model],
) -> None:
    """Fit the hybrid without the held-out transactions, and again on everything.

    Args:
        parts: Training tables and held-out transactions.
        config: Every parameter, as JSON.
        judged: Bundle fitted without the held-out transactions: what is evaluated.
        model: Bundle fitted on everything: what is deployed.
    """
    from components.running.step import step

    with step("train"):
        from pathlib import Path

        from recommender.models.bundle import Bundle
        from recommender.splits import Split
        from recommender.training.bundles import train_bundles
        from settings.config import Config

        train_bundles(Split.read(Path(parts.path)), Config.from_json(config), Path(judged.path), Path(model.path))
        for bundle in (judged, model):
            bundle.metadata["version"] = Bundle.open(Path(bundle.path)).version
