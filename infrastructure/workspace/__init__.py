"""Where the platform keeps what outlives a run: one folder a shop, every path named once."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from infrastructure.files import read_json_if_present, write_json

PURCHASES, REQUESTS, RECOMMENDATIONS = "purchases", "requests", "recommendations"
#: What a round of monitoring compares; each comparison has a report of its own.
COMPARED: Final = (PURCHASES, REQUESTS, RECOMMENDATIONS)
#: Of a champion's record: the earlier champion that the gate measures small losses from, where it is another.
ANCHOR: Final = "anchor"


class PathInside:
    """A path inside of a folder that has a ``root``, relative to that."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __get__(self, folder: Any, _: object = None) -> Path:
        return folder.root / self._path


@dataclass(frozen=True)
class Workspace:
    """The state folder of one shop (``var/<source name>`` on a laptop, a volume on a cluster)."""

    root: Path

    tables = PathInside("tables")
    """Clean tables of the last completed preparation (``Tables.read``)."""
    quarantine = PathInside("quarantine.parquet")
    """Rejected rows with rule and reason, of the last preparation."""
    feast = PathInside("feast")
    """Feast's registry, offline files and (embedded) online store."""
    online_store = PathInside("feast/online.db")
    """SQLite file of Feast's embedded online store."""
    log = PathInside("log.db")
    """SQLite file of impressions and events."""
    runs = PathInside("runs")
    """One folder a run: progress, outcome, error."""
    pipeline = PathInside("pipeline")
    """What the steps of the last few runs handed each other (kfp.local's pipeline root)."""
    lock = PathInside("run.lock")
    """File that a run holds locked, so that there is one at a time."""
    feedback = PathInside("feedback")
    """Events from customers, as tables that the next ingest adds to those of the source."""
    ingested = PathInside("ingested")
    """Rows that earlier ingests read of tables with a cursor; without this folder the next ingest reads everything."""
    forgotten = PathInside("forgotten.json")
    """Who asked to be forgotten, by pseudonyms."""
    erasures = PathInside("erasures")
    """One report an erasure, named by the pseudonym: what was removed, and what is left."""
    reference = PathInside("reference")
    """What monitoring compares recent traffic with: made from what the champion was trained on."""
    reports = PathInside("reports")
    """HTML and JSON reports, named by what they show."""
    warnings = PathInside("reports/warnings.json")
    """What the last run found unusual about its data: a list of sentences."""
    performance = PathInside("reports/performance.json")
    """Measures of live traffic at the last round of monitoring, as JSON."""
    drift = PathInside("reports/drift.json")
    """How recent purchases differed at the last round of monitoring, as JSON; as HTML beside it."""
    surveys = PathInside("surveys")
    """One folder a user test: what raters are handed, the key, and what came back."""
    benchmarks = PathInside("benchmarks")
    """Tables of what was measured on this shop's data, each as Markdown and JSON."""
    tuning = PathInside("tuning")
    """Trials of parameters, what they led to, and a report."""
    triggers = PathInside("triggers")
    """What the retrain trigger decided, and from which evidence."""
    serving = PathInside("serving")
    """Folder of the Bento that the serving process was started from."""
    champion_file = PathInside("champion.json")
    """The pointer to the champion: replaced in one rename, so it is always whole."""
    challenger_file = PathInside("challenger.json")
    """The pointer to a model that is tried beside the champion, of the same form; there is one only while it is."""

    @classmethod
    def named(cls, name: str) -> Self:
        """The workspace of the shop with this name, under the current directory."""
        return cls(Path("var") / name)

    def run(self, run_id: str) -> Path:
        """Folder of one run."""
        return self.runs / run_id

    def drift_of(self, what: str) -> Path:
        """The drift report (JSON) of one comparison."""
        return self.drift if what == PURCHASES else self.reports / f"drift-{what}.json"

    def last_drift(self) -> dict[str, dict[str, Any]]:
        """The last drift report of each comparison that was made, by its name."""
        found = {what: read_json_if_present(self.drift_of(what)) for what in COMPARED}
        return {what: drift for what, drift in found.items() if drift}

    def bundle(self, version: str) -> Path:
        """Folder of the model bundle with this version."""
        return self.root / "bundles" / version

    def judged(self, version: str) -> Path:
        """Folder of the same model fitted without the held-out transactions."""
        return self.root / "bundles" / f"{version}-judged"

    def bento(self, version: str) -> Path:
        """Folder of the built Bento that serves this version."""
        return self.root / "bentos" / version

    def champion(self) -> dict[str, Any] | None:
        """The champion's record, or None before the first.

        It is {"version", "bundle", "judged", "bento", "metrics", "run_id", "promoted_at"}; the three in the
        middle are folders relative to the workspace; and an "anchor", see :meth:`anchor`.
        """
        return read_json_if_present(self.champion_file)

    def anchor(self) -> dict[str, str] | None:
        """The earlier champion that small losses are measured from, as {"version", "judged"}, while it is kept.

        None where it is the present champion, and where an erasure has removed it.
        """
        found: dict[str, str] | None = (self.champion() or {}).get(ANCHOR)
        return found if found and (self.root / found["judged"]).is_dir() else None

    def champion_knows_erased(self) -> bool:
        """Whether the champion was promoted before the last customer was erased, and so was trained on them too.

        No run goes on during an erasure, so what was promoted later was trained later.
        """
        champion = self.champion()
        if champion is None or not self.forgotten.is_file():
            return False
        return datetime.fromisoformat(champion["promoted_at"]).timestamp() < self.forgotten.stat().st_mtime

    def challenger(self) -> dict[str, Any] | None:
        """The challenger's record, with "version" and "bundle" at least, or None where none is tried."""
        return read_json_if_present(self.challenger_file)

    def promote(self, record: dict[str, Any]) -> None:
        """Make ``record["version"]`` the champion."""
        write_json(self.champion_file, record)
