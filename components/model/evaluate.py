"""Evaluate: challenger, champion and simple models on the same held-out products."""

from kfp import dsl

from components.running.component import FITTING, component


@component(FITTING)
def evaluate(
    parts: dsl.Input[dsl.Dataset],
    judged: dsl.Input[dsl.Model],
    config: str,
    workspace: str,
    run_id: str,
    evaluations: dsl.Output[dsl.Artifact],
    metrics: dsl.Output[dsl.Metrics],
) -> None:
    """Judge the challenger and, where there is one, the present champion on today's split.

    Args:
        parts: Training tables and held-out transactions.
        judged: The challenger, fitted without the held-out transactions.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run.
        run_id: Names the run's folder.
        evaluations: One folder for the challenger, one for the champion if there is one, one for the earlier champion
            that small losses are measured from, if that is another; figures of simple models; how much of what the
            champion learnt from is lost.
        metrics: The challenger's headline metrics.
    """
    from components.running.step import step

    with step("evaluate"):
        from dataclasses import asdict
        from pathlib import Path

        from infrastructure.files import write_json
        from infrastructure.workspace import Workspace
        from infrastructure.workspace.run_records import FIGURES
        from recommender.evaluation.baselines.baselines import evaluate_baselines, write_baselines
        from recommender.evaluation.bundle_evaluation import evaluate_anchor, evaluate_bundle, evaluate_champion
        from recommender.evaluation.data_loss import LOST_SHARE_FILE, share_of_lost_interactions
        from recommender.splits import Split
        from settings.config import Config

        settings = Config.from_json(config)
        split = Split.read(Path(parts.path))
        found = evaluate_bundle(Path(judged.path), split, settings)
        found.write(Path(evaluations.path) / "challenger")
        for name, value in found.summary().items():
            metrics.log_metric(name, value)
            evaluations.metadata[name] = value
        place = Workspace(Path(workspace))
        write_json(place.run(run_id) / FIGURES, {name: asdict(figure) for name, figure in found.figures.items()})
        champion = place.champion()
        reigning = (
            evaluate_champion(place.root / champion["judged"], champion["version"], split, settings)
            if champion
            else None
        )
        if reigning:
            reigning.write(Path(evaluations.path) / "champion")
        anchor = place.anchor()
        earlier = evaluate_anchor(place.root / anchor["judged"], anchor["version"], split, settings) if anchor else None
        if earlier:
            earlier.write(Path(evaluations.path) / "anchor")
        lost = share_of_lost_interactions(place.reference, split.tables) if champion else None
        write_json(Path(evaluations.path) / LOST_SHARE_FILE, lost)
        write_baselines(evaluate_baselines(split, settings, found), Path(evaluations.path))
