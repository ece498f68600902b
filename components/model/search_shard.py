"""Search a shard: its share of the families and trials of a tuning."""

from kfp import dsl

from components.running.component import FITTING, component


@component(FITTING)
def search_shard(
    tables: dsl.Input[dsl.Dataset],
    config: str,
    workspace: str,
    shard: int,
    shards: list[int],
    found: dsl.Output[dsl.Artifact],
) -> None:
    """Search for the best settings of families alone and for a blend of them.

    Args:
        tables: The clean tables.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run: trials are kept there, and an interrupted search goes on.
        shard: Its number, from 0; shards draw differently.
        shards: The numbers of all of them.
        found: Every trial, as JSON.
    """
    from components.running.step import step

    with step(f"search {int(shard)}"):
        from pathlib import Path

        from infrastructure.workspace import Workspace
        from recommender.contract.tables import Tables
        from recommender.tuning.run import run_search_shard
        from recommender.tuning.shards import Shard
        from settings.config import Config

        part = Shard(int(shard), len(shards))
        folder = Workspace(Path(workspace)).tuning
        searches = run_search_shard(Tables.read(Path(tables.path)), Config.from_json(config), part, folder)
        searches.write(Path(found.path))
        found.metadata["best"] = searches.blend.best.value
