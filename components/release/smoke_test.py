"""Smoke test: the very Bento that will be deployed answers real requests before any customer's reach it."""

from kfp import dsl

from components.running.component import component


@component()
def smoke_test(bento: dsl.Input[dsl.Artifact], tables: dsl.Input[dsl.Dataset], config: str, workspace: str) -> None:
    """Serve the Bento on a free port, ask it by V1 and V2 of the protocol, check the answers, stop it.

    This runs before the deploy step, so a Bento that does not start, answers wrongly or breaks a rule
    never becomes champion and there is nothing to roll back.

    Args:
        bento: What the package step built.
        tables: The clean tables; real customers are asked for.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run, with the online store.
    """
    from components.running.step import step

    with step("smoke-test"):
        from pathlib import Path

        from components.release.rollout import known_customers
        from infrastructure.workspace import Workspace
        from infrastructure.workspace.online_store import online_store
        from recommender.contract.tables import Tables
        from serving.packaging.smoke import smoke
        from settings.config import Config

        asked = known_customers(Tables.read(Path(tables.path)), Config.from_json(config))
        smoke(Path(bento.path), asked, online_store(Workspace(Path(workspace))))
