"""Publish features: Feast knows the feature views and serves the latest values online."""

from kfp import dsl

from components.component import component


@component
def publish_features(features: dsl.Input[dsl.Dataset], workspace: str) -> None:
    """Apply the feature definitions and materialise the latest features into the online store.

    Args:
        features: One Parquet file a feature view.
        workspace: Folder that outlives the run.
    """
    from components.step import step

    with step("publish"):
        from pathlib import Path

        from feature_repo.publish import publish
        from recommender.workspace import Workspace

        publish(Path(features.path), Workspace(Path(workspace)).feast)
