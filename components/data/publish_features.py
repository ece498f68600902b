"""Publish features: Feast knows the feature views and serves the latest values online."""

from kfp import dsl

from components.running.component import component


@component()
def publish_features(features: dsl.Input[dsl.Dataset], workspace: str, taken_in: int) -> None:
    """Apply the feature definitions and materialise the latest features into the online store.

    Args:
        features: One Parquet file a feature view.
        workspace: Folder that outlives the run.
        taken_in: The arrival number of the last event that the features know.
    """
    from components.running.step import step

    with step("publish"):
        from pathlib import Path

        from feature_repo.publish import publish
        from feedback.training_export import requeue_events_since
        from infrastructure.workspace import Workspace

        shop = Workspace(Path(workspace))
        try:
            publish(Path(features.path), shop.feast)
        finally:
            # What customers did since may have been overwritten, also by a publication that broke off.
            requeue_events_since(shop, taken_in)
