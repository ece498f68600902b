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
    tables: dsl.Input[dsl.Dataset],
    config: str,
    workspace: str,
    run_id: str,
) -> None:
    """Bring the Bento to where it is served from, roll it out on a cluster, then turn the champion's pointer.

    On a cluster (where the environment names an InferenceService) the new model first answers the smoke test's
    requests in pods without traffic; if it fails there, or later, the old one serves and stays the champion.
    Interrupted before the pointer's rename, the old champion stays; after it, the new one is whole.

    Args:
        model: Bundle that is deployed.
        judged: The same model without the held-out transactions, to be judged again beside later challengers.
        bento: The Bento of ``model``.
        evaluations: Their metadata are the challenger's headline metrics, for the champion's record.
        reference: What monitoring compares later traffic with.
        tables: The clean tables; the smoke test asks for real customers.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run.
        run_id: Names the run's folder.
    """
    from components.step import step

    with step("deploy"):
        from pathlib import Path

        from components.rollout import roll_out_bento
        from deployment.target import Target
        from recommender.config import Config
        from recommender.data.tables import Tables
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
        shop, target = Workspace(Path(workspace)), Target.read()
        if target is not None:
            roll_out_bento(candidate, shop, target, Tables.read(Path(tables.path)), Config.from_json(config))
        promote(candidate, shop, run_id)
