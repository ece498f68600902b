"""The tuning pipeline: trials in shards side by side, then one verdict over all of them."""

from kfp import dsl

from components.data.ingest import ingest
from components.data.prepare import prepare
from components.model.conclude_tuning import conclude_tuning
from components.model.search_shard import search_shard
from components.operations.record_run import record_run
from components.running.component import pipeline


@pipeline("tuning", "Searches for the parameters of a data set, its trials in shards side by side.")
def tuning(
    source: str,
    config: str,
    workspace: str,
    run_id: str,
    shards: list[int] = [0, 1, 2, 3],  # noqa: B006 - KFP reads the default, nobody changes it
    data_version: str = "",
) -> None:
    """Each shard searches with its share of the trials; the best of all is judged, and the re-ranker searched on it.

    Args:
        source: Path of the YAML file that describes the data set, or its text.
        config: Every parameter, as JSON (``Config.to_json``).
        workspace: Folder that outlives the run: trials, ``tuning/tuned.yaml``, ``tuning/report.md``.
        run_id: Names the run's folder in the workspace.
        shards: The shards' numbers, from 0: a pipeline cannot count them up itself.
        data_version: Any text; another one makes cached steps run anew.
    """
    with dsl.ExitHandler(record_run(workspace=workspace, run_id=run_id), name="run"):
        raw = ingest(source=source, workspace=workspace, data_version=data_version).outputs["raw"]
        tables = prepare(raw=raw, config=config, workspace=workspace, run_id=run_id).outputs["tables"]
        with dsl.ParallelFor(items=shards, name="shards") as shard:
            searched = search_shard(tables=tables, config=config, workspace=workspace, shard=shard, shards=shards)
        conclude_tuning(
            tables=tables, found=dsl.Collected(searched.outputs["found"]), config=config, workspace=workspace
        )
