"""The monitoring pipeline: one round, by a schedule; what it decides may start a run of the training pipeline."""

from components.operations.monitor import monitor
from components.running.component import pipeline


@pipeline("monitoring", "One round of monitoring, which retrains where drift, a fall, new events or age call for it.")
def monitoring(source: str, config: str, workspace: str, training: dict = {}) -> None:  # noqa: B006 # pyright: ignore
    """Look once at recent traffic, report, decide, and retrain when the trigger says so.

    Args:
        source: Path of the YAML file that describes the data set, or its text.
        config: Every parameter, as JSON (``Config.to_json``).
        workspace: Folder that outlives the run.
        training: What a retraining starts: KFP_ENDPOINT, KFP_EXPERIMENT_ID, KFP_PIPELINE_ID, KFP_PIPELINE_VERSION_ID.
            Empty: it is trained in the round's own pod.
    """
    monitor(source=source, config=config, workspace=workspace, training=training)
