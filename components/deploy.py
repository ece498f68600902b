"""Deploy: the challenger becomes the champion."""

from kfp import dsl

from components.component import component


@component
def deploy(
    model: dsl.Input[dsl.Model],
    judged: dsl.Input[dsl.Model],
    bento: dsl.Input[dsl.Artifact],
    evaluations: dsl.Input[dsl.Artifact],
    reference: dsl.Input[dsl.Dataset],
    workspace: str,
    run_id: str,
) -> None:
    """Copy bundle and Bento to where they are served from, then turn the champion's pointer in one rename.

    Interrupted before the rename, the old champion stays; after it, the new one is whole.

    Args:
        model: Bundle that is deployed.
        judged: The same model without the held-out transactions, to be judged again beside later challengers.
        bento: The Bento of ``model``.
        evaluations: Their metadata are the challenger's headline metrics, for the champion's record.
        reference: What monitoring compares later traffic with.
        workspace: Folder that outlives the run.
        run_id: Names the run's folder.
    """
    from components.step import step

    with step("deploy"):
        from pathlib import Path

        from recommender.promotion import Candidate, promote
        from recommender.workspace import Workspace

        candidate = Candidate(
            version=str(model.metadata["version"]),
            bundle=Path(model.path),
            judged=Path(judged.path),
            bento=Path(bento.path),
            reference=Path(reference.path),
            metrics=dict(evaluations.metadata),
        )
        promote(candidate, Workspace(Path(workspace)), run_id)
