"""Deploy: the challenger becomes the champion."""

from kfp import dsl

from components.running.component import HOUR, StepSettings, component


# A canary takes its time.
@component(StepSettings(seconds=4 * HOUR))
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

    Where the configuration has shares for a canary, it first answers these customers. On a cluster (where the
    environment names an InferenceService) it then answers the smoke test's requests in pods without traffic. If it
    fails anywhere, the old one serves and stays the champion. Interrupted before the pointer's rename, the old
    champion stays; after it, the new one is whole.

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
    from components.running.step import step

    with step("deploy"):
        from functools import cache
        from pathlib import Path

        from components.release.canary import canary
        from components.release.rollout import roll_out_bento
        from deployment.target import DeploymentTarget
        from infrastructure.workspace import Workspace
        from infrastructure.workspace.promotion import PromotionCandidate, promote
        from recommender.contract.tables import Tables
        from settings.config import Config

        candidate = PromotionCandidate(
            version=str(model.metadata["version"]),
            bundle=Path(model.path),
            judged=Path(judged.path),
            bento=Path(bento.path),
            reference=Path(reference.path),
            metrics=dict(evaluations.metadata),
        )
        shop, target, settings = (
            Workspace(Path(workspace)),
            DeploymentTarget.from_environment(),
            Config.from_json(config),
        )
        clean = cache(lambda: Tables.read(Path(tables.path)))
        with canary(candidate, shop, clean, settings):
            if target is not None:
                roll_out_bento(candidate, shop, target, clean(), settings)
            promote(candidate, shop, run_id)
