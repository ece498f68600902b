"""Explore: one page that says what the data is."""

from kfp import dsl

from components.running.component import component


@component()
def explore(
    tables: dsl.Input[dsl.Dataset],
    quarantine: dsl.Input[dsl.Dataset],
    config: str,
    workspace: str,
    report: dsl.Output[dsl.HTML],
    figures: dsl.Output[dsl.Metrics],
) -> None:
    """Write the exploration report.

    Args:
        tables: The clean tables.
        quarantine: Rejected rows with rule and reason.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run.
        report: The page.
        figures: Its headline figures.
    """
    from components.running.step import step

    with step("explore"):
        from pathlib import Path

        import pandas as pd

        from infrastructure.files import write_atomically, write_json
        from infrastructure.workspace import Workspace
        from recommender.contract.tables import Tables
        from recommender.reports.explore import write_exploration
        from recommender.reports.page import about_now
        from recommender.reports.warnings import data_warnings
        from settings.config import Config

        page, shop = Path(report.path), Workspace(Path(workspace))
        clean, rejected = Tables.read(Path(tables.path)), pd.read_parquet(quarantine.path)
        warnings = data_warnings(clean, rejected, Config.from_json(config).warnings)
        # A workspace is named as its data set.
        about = about_now(shop.root.name)
        found = write_exploration(clean, rejected, page, warnings, about)
        write_atomically(shop.reports / "exploration.html", page.read_bytes())
        write_json(shop.warnings, warnings)
        for name, value in found.items():
            figures.log_metric(name, value)
