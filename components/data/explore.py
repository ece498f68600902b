"""Explore: one page that says what the data is."""

from kfp import dsl

from components.running.component import component


@component()
def explore(
    tables: dsl.Input[dsl.Dataset],
    quarantine: dsl.Input[dsl.Dataset],
    workspace: str,
    report: dsl.Output[dsl.HTML],
    figures: dsl.Output[dsl.Metrics],
) -> None:
    """Write the exploration report.

    Args:
        tables: The clean tables.
        quarantine: Rejected rows with rule and reason.
        workspace: Folder that outlives the run.
        report: The page.
        figures: Its headline figures.
    """
    from components.running.step import step

    with step("explore"):
        from pathlib import Path

        import pandas as pd

        from infrastructure.files import write_atomically
        from infrastructure.workspace import Workspace
        from recommender.contract.tables import Tables
        from recommender.reports.explore import write_exploration

        page = Path(report.path)
        found = write_exploration(Tables.read(Path(tables.path)), pd.read_parquet(quarantine.path), page)
        write_atomically(Workspace(Path(workspace)).reports / "exploration.html", page.read_bytes())
        for name, value in found.items():
            figures.log_metric(name, value)
