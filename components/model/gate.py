"""Gate: whether the challenger may replace the champion, and the model card and the page that say why."""

from kfp import dsl

from components.running.component import component


@component()
def gate(
    evaluations: dsl.Input[dsl.Artifact],
    model: dsl.Input[dsl.Model],
    config: str,
    workspace: str,
    run_id: str,
    card: dsl.Output[dsl.HTML],
) -> bool:
    """Decide by paired comparison on the same customers; run folder, model card and brief get the reasons.

    The answer is the step's one unnamed output: inside an exit handler, kfp.local resolves a condition on
    an unnamed output only, and passes over the group without an error when it is named.

    Args:
        evaluations: The challenger's, the champion's if there is one, and an earlier champion's.
        model: Bundle that is deployed if the challenger wins.
        config: Every parameter, as JSON.
        workspace: Folder that outlives the run.
        run_id: Names the run's folder.
        card: The model card.

    Returns:
        Whether to deploy the challenger.
    """
    from components.running.step import step

    with step("gate"):
        import shutil
        from datetime import UTC, datetime
        from pathlib import Path

        from infrastructure.files import read_json, write_json
        from infrastructure.progress import note
        from infrastructure.workspace import Workspace
        from infrastructure.workspace.run_records import DECISION, MEASURED_FROM
        from recommender.evaluation.baselines.baselines import read_baselines
        from recommender.evaluation.bundle_evaluation import Evaluation
        from recommender.evaluation.data_loss import LOST_SHARE_FILE
        from recommender.evaluation.gate import decide_promotion
        from recommender.reports.brief import write_brief
        from recommender.reports.model_card import ModelCardContext, write_model_card
        from recommender.reports.wording import moment
        from settings.config import Config

        settings = Config.from_json(config)
        place = Workspace(Path(workspace))
        run = place.run(run_id)
        judged, reigning = Path(evaluations.path) / "challenger", Path(evaluations.path) / "champion"
        challenger = Evaluation.read(judged)
        champion = Evaluation.read(reigning) if reigning.is_dir() else None
        lost = read_json(Path(evaluations.path) / LOST_SHARE_FILE)
        erased = place.champion_knows_erased()
        earlier = Path(evaluations.path) / "anchor"
        anchor = Evaluation.read(earlier) if earlier.is_dir() else None
        decision = decide_promotion(
            challenger, champion, settings.evaluation, settings.seed, lost, erased=erased, anchor=anchor
        )
        decided = {"promote": decision.promote, "reasons": decision.reasons, MEASURED_FROM: decision.measured_from}
        write_json(run / DECISION, decided)
        name = Path(workspace).name  # a workspace is named as its data set
        simple = read_baselines(Path(evaluations.path))
        present = None if champion else place.champion()
        context = ModelCardContext.from_evaluation(
            challenger,
            champion,
            decision,
            Path(model.path),
            settings,
            name,
            simple,
            made=moment(datetime.now(UTC)),
            unjudged=present["version"] if present else None,
        )
        write_model_card(context, run)
        write_brief(context, run)
        shutil.copyfile(run / "model_card.html", card.path)
        note("the challenger goes live" if decision.promote else "the champion stays")
        return decision.promote
