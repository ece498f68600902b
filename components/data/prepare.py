"""Prepare: raw tables become clean ones; what is rejected is kept apart with its reason."""

from kfp import dsl

from components.running.component import component


@component()
def prepare(
    raw: dsl.Input[dsl.Dataset],
    config: str,
    workspace: str,
    run_id: str,
    tables: dsl.Output[dsl.Dataset],
    quarantine: dsl.Output[dsl.Dataset],
) -> None:
    """Check every row against the data contract and clean it: rows read = rows kept + rows quarantined.

    Args:
        raw: Tables as the ingest step wrote them.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run.
        run_id: Names the run's folder.
        tables: The clean tables.
        quarantine: Rejected rows with rule and reason.
    """
    from components.running.step import step

    with step("prepare"):
        import shutil
        from pathlib import Path

        from infrastructure.files import replace_folder, write_atomically, write_json
        from infrastructure.workspace import Workspace
        from infrastructure.workspace.run_records import ROWS
        from recommender.data.cleaning.prepare import prepare_folder
        from settings.config import Config

        place, settings = Workspace(Path(workspace)), Config.from_json(config)
        found = prepare_folder(Path(raw.path), Path(tables.path), settings)
        with replace_folder(place.tables) as partial:
            shutil.copytree(tables.path, partial, dirs_exist_ok=True)
        for file in (Path(quarantine.path), place.quarantine):
            write_atomically(file, found.quarantine.to_parquet(index=False))
        write_json(place.run(run_id) / ROWS, found.counts)
        tables.metadata.update(found.rows)
        quarantine.metadata["rows"] = len(found.quarantine)
