"""Conclude: the best of all shards, judged against what there is, and the re-ranker on top of it."""

from kfp import dsl

from components.running.component import FITTING, component


@component(FITTING)
def conclude_tuning(
    tables: dsl.Input[dsl.Dataset],
    found: dsl.Input[list[dsl.Artifact]],
    config: str,
    workspace: str,
    tuned: dsl.Output[dsl.Artifact],
    report: dsl.Output[dsl.Markdown],
) -> None:
    """Take the best of all shards where it holds, search for the re-ranker's parameters, and write both down.

    Args:
        tables: The clean tables.
        found: What each shard found.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run; ``tuned.yaml`` and ``report.md`` are left there too.
        tuned: The tuned parameters, a configuration file.
        report: What was tried and why it was chosen.
    """
    from components.running.step import step

    with step("conclude"):
        from pathlib import Path

        from infrastructure.files import write_atomically
        from infrastructure.workspace import Workspace
        from recommender.contract.tables import Tables
        from recommender.tuning.results import BlendSearches
        from recommender.tuning.run import REPORT, conclude
        from settings.config import Config

        place = Workspace(Path(workspace))
        shards = [BlendSearches.read(Path(artifact.path)) for artifact in found]
        name = place.root.name
        written = conclude(name, Tables.read(Path(tables.path)), Config.from_json(config), shards, place.tuning)
        write_atomically(Path(tuned.path), written.read_bytes())
        write_atomically(Path(report.path), written.with_name(REPORT).read_bytes())
