"""The training pipeline: raw sources to a deployed, smoke-tested model, or to a recorded refusal."""

from kfp import dsl

from components.data.build_features import build_features
from components.data.explore import explore
from components.data.ingest import ingest
from components.data.prepare import prepare
from components.data.publish_features import publish_features
from components.data.split_data import split_data
from components.model.evaluate import evaluate
from components.model.gate import gate
from components.model.train import train
from components.operations.record_run import record_run
from components.release.deploy import deploy
from components.release.package import package
from components.release.smoke_test import smoke_test
from components.running.component import pipeline


@pipeline("training", "From raw sources to a deployed recommender, or to a recorded refusal.")
def training(source: str, config: str, workspace: str, run_id: str, data_version: str = "") -> None:
    """Train a challenger and let it replace the champion if the gate and the smoke test agree.

    Args:
        source: Path of the YAML file that describes the data set, or its text.
        config: Every parameter, as JSON (``Config.to_json``).
        workspace: Folder that outlives the run: stores, champion, reports.
        run_id: Names the run's folder in the workspace.
        data_version: Any text; another one makes cached steps run anew.
    """
    with dsl.ExitHandler(record_run(workspace=workspace, run_id=run_id), name="run"):
        taken = ingest(source=source, workspace=workspace, data_version=data_version).outputs
        clean = prepare(raw=taken["raw"], config=config, workspace=workspace, run_id=run_id).outputs
        explored = explore(tables=clean["tables"], quarantine=clean["quarantine"], config=config, workspace=workspace)
        features = build_features(tables=clean["tables"], config=config).outputs
        published = publish_features(features=features["features"], workspace=workspace, taken_in=taken["Output"])
        parts = split_data(tables=clean["tables"], config=config).output
        models = train(parts=parts, config=config).outputs
        judged = evaluate(
            parts=parts, judged=models["judged"], config=config, workspace=workspace, run_id=run_id
        ).outputs
        decision = gate(
            evaluations=judged["evaluations"],
            model=models["model"],
            config=config,
            workspace=workspace,
            run_id=run_id,
        ).after(explored)
        with dsl.If(decision.outputs["Output"] == True, name="promote"):  # noqa: E712 - builds a KFP condition
            bento = package(model=models["model"], config=config).output
            tested = smoke_test(bento=bento, tables=clean["tables"], config=config, workspace=workspace).after(
                published
            )
            deploy(
                model=models["model"],
                judged=models["judged"],
                bento=bento,
                evaluations=judged["evaluations"],
                reference=features["reference"],
                tables=clean["tables"],
                config=config,
                workspace=workspace,
                run_id=run_id,
            ).after(tested)
