"""The training pipeline in one process at the simulation's time: the same steps without Feast, Bento and reports."""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.simulated_year.faults import count_planted
from benchmarks.simulated_year.plan import fault_of
from benchmarks.simulated_year.simulated_shop import SimulatedShop
from feedback.training_export import export_log_events
from infrastructure.errors import RecommenderError
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate, promote
from monitoring.decision_log import RetrainOutcome
from monitoring.reference import write_reference
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import prepare
from recommender.data.forgotten_customers import with_feedback_and_erasures
from recommender.data.sources.ingest import ingest
from recommender.evaluation.bundle_evaluation import Evaluation, evaluate_bundle, evaluate_champion
from recommender.evaluation.data_loss import share_of_lost_interactions, write_interaction_sample
from recommender.evaluation.gate import GateDecision, decide_promotion
from recommender.models.bundle import Bundle
from recommender.splits import Split, split
from recommender.training.bundles import train_bundles
from settings.config import Config


@dataclass
class SimulatedPipeline:
    """Trains a challenger on all data up to a week, and promotes it if the gate agrees.

    ``bad_rows`` counts the planted rows that champions were trained on; it should stay 0.
    """

    shop: SimulatedShop
    workspace: Workspace
    config: Config
    bad_rows: int = field(default=0, init=False)

    def run(self, week: int) -> tuple[RetrainOutcome, dict[str, Any]]:
        """Retrain after a week; a fault of the data ends as "failed", as in a run of the real pipeline."""
        now = self.shop.plan.week(week).end
        try:
            decision = self._train(week, now)
        except RecommenderError as error:
            return "failed", {"run_id": f"week-{week}", "error": str(error)}
        outcome: RetrainOutcome = "promoted" if decision.promote else "refused"
        return outcome, {"run_id": f"week-{week}", "gate": decision.reasons}

    def _train(self, week: int, now: datetime) -> GateDecision:
        tables = self._prepared(week, now)
        with tempfile.TemporaryDirectory(dir=self.workspace.root) as folder:
            judged, model = Path(folder) / "judged", Path(folder) / "model"
            parts = split(tables, self.config)
            train_bundles(parts, self.config, judged, model)
            challenger = evaluate_bundle(judged, parts, self.config)
            decision = self._decide(challenger, parts)
            if decision.promote:
                self._promote(Path(folder), challenger, tables, week, now)
        return decision

    def _prepared(self, week: int, now: datetime) -> Tables:
        source = self.shop.export(self.workspace.root / "source", week)
        export_log_events(self.workspace)
        tables = prepare(with_feedback_and_erasures(ingest(source), self.workspace), self.config, now).tables
        tables.write(self.workspace.tables)
        return tables

    def _decide(self, challenger: Evaluation, parts: Split) -> GateDecision:
        settings, champion = self.config, self.workspace.champion()
        if champion is None:
            return decide_promotion(challenger, None, settings.evaluation, settings.seed)
        reigning = evaluate_champion(self.workspace.root / champion["judged"], champion["version"], parts, settings)
        lost = share_of_lost_interactions(self.workspace.reference, parts.tables)
        return decide_promotion(challenger, reigning, settings.evaluation, settings.seed, lost)

    def _promote(self, folder: Path, challenger: Evaluation, tables: Tables, week: int, now: datetime) -> None:
        (folder / "bento").mkdir()
        write_reference(tables, folder / "reference")
        write_interaction_sample(tables, folder / "reference")
        candidate = PromotionCandidate(
            version=Bundle.open(folder / "model").version,
            bundle=folder / "model",
            judged=folder / "judged",
            bento=folder / "bento",
            reference=folder / "reference",
            metrics=challenger.summary(),
        )
        promote(candidate, self.workspace, f"week-{week}", now)
        self.bad_rows += count_planted(tables.events)
        if fault_of(week) == "shifted":
            self.bad_rows += sum(tables.rows.values())
