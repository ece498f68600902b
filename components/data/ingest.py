"""Ingest: every table a source names, as it is, in our column names."""

from kfp import dsl

from components.running.component import component


@component()
def ingest(source: str, workspace: str, data_version: str, raw: dsl.Output[dsl.Dataset]) -> int:
    """Read the source's tables, and the feedback collected since; values are still untrusted.

    Args:
        source: Path of the YAML file that describes the data set, or its text.
        workspace: Folder that outlives the run.
        data_version: Any text; another one makes a cached run read the source anew.
        raw: The tables as Parquet files.

    Returns:
        The arrival number of the last event of the feedback.
    """
    from components.running.step import step

    with step("ingest"):
        from pathlib import Path

        from feedback.training_export import export_log_events
        from infrastructure.workspace import Workspace
        from recommender.data.provenance import Provenance
        from recommender.data.sources.description.source import source_as_file
        from recommender.data.sources.parts.folder import ingest_folder
        from recommender.data.stored_raw_tables import add_feedback_and_erasures, rows_of

        shop = Workspace(Path(workspace))
        taken_in = export_log_events(shop)
        with source_as_file(source) as described:
            name = ingest_folder(described, Path(raw.path), shop.ingested)
        add_feedback_and_erasures(Path(raw.path), shop)
        raw.metadata.update({"source": name, "data_version": data_version})
        raw.metadata.update({f"rows_{table}": rows for table, rows in rows_of(Path(raw.path)).items()})
        origins = Provenance.read(Path(raw.path)).origins
        raw.metadata.update({f"left_out_{table}": origin.left_out for table, origin in origins.items()})
        return taken_in
