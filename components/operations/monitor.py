"""Monitor: one round of monitoring, and a retraining if it comes to that."""

from dataclasses import replace

from kfp import dsl

from components.running.component import FITTING, HOUR, component


@component(
    # A round outlasts the retraining that it follows. The label is the one by which Kubeflow gives pods a token.
    replace(FITTING, seconds=FITTING.seconds + HOUR, cached=False, labels=(("access-ml-pipeline", "true"),))
)
def monitor(
    source: str,
    config: str,
    workspace: str,
    training: dict,  # pyright: ignore[reportMissingTypeArgument,reportUnknownParameterType] - KFP knows no other
    status: dsl.Output[dsl.HTML],
    drift: dsl.Output[dsl.HTML],
    figures: dsl.Output[dsl.Metrics],
    decision: dsl.Output[dsl.Artifact],
) -> None:
    """Look at recent traffic, report, decide, and retrain when the trigger says so.

    Args:
        source: Path of the YAML file that describes the data set, or its text.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run: the champion, what was decided before, reports.
        training: Where and what a retraining starts: ``KFP_ENDPOINT`` and the other variables of
            ``deployment.kubeflow.runs.RunTarget``.
            Empty: it is trained in this pod.
        status: How the recommender is doing.
        drift: How recent purchases differ from those the champion learnt from.
        figures: What the trigger decided by.
        decision: What it decided, why, and what came of it.
    """
    from components.running.step import step

    with step("monitor"):
        import os
        import tempfile
        from datetime import UTC, datetime
        from pathlib import Path

        from infrastructure.workspace import Workspace
        from monitoring.retrain import Retraining
        from monitoring.round_report import write_round_artifacts
        from monitoring.rounds import run_round
        from monitoring.status import write_status
        from recommender.data.sources.description.source import source_as_file
        from settings.config import Config

        shop, settings = Workspace(Path(workspace)), Config.from_json(config)
        with source_as_file(source) as described, tempfile.TemporaryDirectory() as folder:
            parameters = Path(folder) / "parameters.json"
            parameters.write_text(config, encoding="utf-8")
            retrain = Retraining(described, parameters, shop).retrainer({**os.environ, **training})
            found = run_round(shop, settings, retrain)
        page = write_status(shop, settings, datetime.now(UTC))
        for name, value in write_round_artifacts(
            found, shop, page, Path(status.path), Path(drift.path), Path(decision.path)
        ):
            figures.log_metric(name, value)
        decision.metadata.update({"retrain": found.decision.retrain, "outcome": found.outcome or "none"})
