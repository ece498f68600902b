"""Where the platform keeps what outlives a run: one folder a shop, every path named once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from infrastructure.files import json_if_any, write_json

PURCHASES, REQUESTS, RECOMMENDATIONS = "purchases", "requests", "recommendations"
#: What a round of monitoring compares; each comparison has a report of its own.
COMPARED: Final = (PURCHASES, REQUESTS, RECOMMENDATIONS)


@dataclass(frozen=True)
class Workspace:
    """The state folder of one shop (``var/<source name>`` on a laptop, a volume on a cluster)."""

    root: Path

    @classmethod
    def named(cls, name: str) -> Self:
        """The workspace of the shop with this name, under the current directory."""
        return cls(Path("var") / name)

    @property
    def tables(self) -> Path:
        """Cleaned tables of the last completed preparation (``Tables.read``)."""
        return self.root / "tables"

    @property
    def quarantine(self) -> Path:
        """Rejected rows with rule and reason, of the last preparation."""
        return self.root / "quarantine.parquet"

    @property
    def feast(self) -> Path:
        """Feast's registry, offline files and (embedded) online store."""
        return self.root / "feast"

    @property
    def online_store(self) -> Path:
        """SQLite file of Feast's embedded online store."""
        return self.feast / "online.db"

    @property
    def log(self) -> Path:
        """SQLite file of impressions and events."""
        return self.root / "log.db"

    @property
    def runs(self) -> Path:
        """One folder a run: progress, outcome, error."""
        return self.root / "runs"

    def run(self, run_id: str) -> Path:
        """Folder of one run."""
        return self.runs / run_id

    @property
    def pipeline(self) -> Path:
        """What the steps of the last few runs handed each other (kfp.local's pipeline root)."""
        return self.root / "pipeline"

    @property
    def lock(self) -> Path:
        """File that a run holds locked, so that there is one at a time."""
        return self.root / "run.lock"

    @property
    def feedback(self) -> Path:
        """Events that customers sent back, as tables that the next ingest adds to the source's."""
        return self.root / "feedback"

    @property
    def ingested(self) -> Path:
        """Rows that earlier ingests read of tables with a cursor; without it the next ingest reads all anew."""
        return self.root / "ingested"

    @property
    def forgotten(self) -> Path:
        """Who asked to be forgotten, by pseudonyms."""
        return self.root / "forgotten.json"

    @property
    def reference(self) -> Path:
        """What monitoring compares recent traffic with: made from what the champion was trained on."""
        return self.root / "reference"

    @property
    def reports(self) -> Path:
        """HTML and JSON reports, named by what they show."""
        return self.root / "reports"

    @property
    def performance(self) -> Path:
        """Measures of live traffic at the last round of monitoring, as JSON."""
        return self.reports / "performance.json"

    @property
    def drift(self) -> Path:
        """How recent purchases differed at the last round of monitoring, as JSON; beside it as HTML."""
        return self.reports / "drift.json"

    def drift_of(self, what: str) -> Path:
        """The same of what was compared: that of purchases, or one beside it."""
        return self.drift if what == PURCHASES else self.reports / f"drift-{what}.json"

    def last_drift(self) -> dict[str, dict[str, Any]]:
        """What each comparison found when it was last made, by its name; none that was not made yet."""
        found = {what: json_if_any(self.drift_of(what)) for what in COMPARED}
        return {what: each for what, each in found.items() if each}

    @property
    def surveys(self) -> Path:
        """One folder a user test: what raters are handed, the key, and what came back."""
        return self.root / "surveys"

    @property
    def benchmarks(self) -> Path:
        """Tables of what was measured on this shop's data, each as Markdown and JSON."""
        return self.root / "benchmarks"

    @property
    def tuning(self) -> Path:
        """Trials of parameters, what they led to, and a report."""
        return self.root / "tuning"

    @property
    def triggers(self) -> Path:
        """What the retrain trigger decided, and from which evidence."""
        return self.root / "triggers"

    def bundle(self, version: str) -> Path:
        """Folder of the model bundle with this version."""
        return self.root / "bundles" / version

    def judged(self, version: str) -> Path:
        """Folder of the same model fitted without the held-out transactions."""
        return self.root / "bundles" / f"{version}-judged"

    def bento(self, version: str) -> Path:
        """Folder of the built Bento that serves this version."""
        return self.root / "bentos" / version

    @property
    def serving(self) -> Path:
        """Folder of the Bento that the serving process was started from."""
        return self.root / "serving"

    @property
    def champion_file(self) -> Path:
        """The pointer to the champion: replaced in one rename, so it is always whole."""
        return self.root / "champion.json"

    @property
    def challenger_file(self) -> Path:
        """The pointer to a model that is tried beside the champion, of the same form; there is one only while it is."""
        return self.root / "challenger.json"

    def champion(self) -> dict[str, Any] | None:
        """The champion's record, or None before the first.

        It is {"version", "bundle", "judged", "bento", "metrics", "run_id", "promoted_at"}; the three in the
        middle are folders relative to the workspace.
        """
        return json_if_any(self.champion_file)

    def challenger(self) -> dict[str, Any] | None:
        """The challenger's record, with "version" and "bundle" at least, or None where none is tried."""
        return json_if_any(self.challenger_file)

    def promote(self, record: dict[str, Any]) -> None:
        """Make ``record["version"]`` the champion."""
        write_json(self.champion_file, record)
