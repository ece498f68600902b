"""``python -m monitoring``: take events, look at them, judge experiments, or see the whole loop close."""

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

import uvicorn
from rich.console import Console

from feedback.collector import Collector
from feedback.database import database
from feedback.event_log import EventLog
from feedback.impressions import ImpressionStore
from feedback.ports import collector_port
from infrastructure.bearer_tokens import TOKENS_FILE, BearerTokens
from infrastructure.command_line import exit_code, take_config, take_document, take_source
from infrastructure.documents import mark, publish
from infrastructure.workspace import Workspace
from monitoring.metrics import LastRound
from recommender.data.sources.source import Source
from recommender.evaluation import kpis
from settings.config import configuration
from settings.experiment import ExperimentSettings

#: The command that writes the measures into a document.
MEASURES: Final = "python -m monitoring kpis"
#: The gain that simulated experiments are planned for: larger than most, so that thousands are soon done.
SIMULATED_EFFECT: Final = 0.2


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m monitoring", description="Feedback, drift and retraining.")
    commands = parser.add_subparsers(required=True)
    for command, about in (
        (_collect, "take events"),
        (_monitor, "look once at recent traffic, and retrain if need be"),
        (_experiment, "what the experiment with the challenger has shown so far"),
        (_power, "how many customers an experiment needs"),
        (_survey, "hand out a user test: lists of two models, blinded, for people to rate"),
        (_survey_report, "take in a filled sheet of a user test, and tell what the ratings say"),
        (_status, "one page that says how the recommender is doing"),
        (_forget, "remove a customer from everything that is kept, and prove it"),
    ):
        sub = commands.add_parser(command.__name__[1:].replace("_", "-"), help=about)
        take_source(sub)
        take_config(sub)
        sub.set_defaults(command=command)
        if command is _forget:
            sub.add_argument("--customer", required=True, help="id of the customer")
        if command is _monitor:
            sub.add_argument("--dry-run", action="store_true", help="decide and record only, whatever the decision")
        if command is _survey:
            sub.add_argument("--against", help="version of the model beside the champion; else the challenger")
        if command is _survey_report:
            sub.add_argument("--ratings", type=Path, help="sheet that a rater has filled in (CSV)")
            sub.add_argument("--survey", help="id of the survey; else the one handed out last")
        if command is _power:
            sub.add_argument("--rate", type=float, help="the goal's present value, where the log has none")
            sub.add_argument("--answers", type=float, default=1.0, help="answers to each customer, with --rate")
    experiments = commands.add_parser("experiments", help="simulate experiments: how often is the verdict right?")
    experiments.add_argument("--experiments", type=int, default=1000, help="how many of each kind")
    take_document(experiments)
    experiments.set_defaults(command=_experiments)
    load = commands.add_parser("load", help="how many events a second the collector takes, beside plain inserts")
    take_document(load)
    load.set_defaults(command=_load)
    alarms = commands.add_parser("alarms", help="how often drift is told where there is none, and where there is")
    alarms.add_argument("--rows", type=int, default=900, help="recent purchases, and answers, in a round")
    alarms.add_argument("--rounds", type=int, default=100, help="how many without any change; of each with one a fifth")
    take_document(alarms)
    alarms.set_defaults(command=_alarms)
    kpis = commands.add_parser("kpis", help="print the measures of success, or write them into a document")
    take_document(kpis)
    kpis.set_defaults(command=_kpis)
    simulate = commands.add_parser("simulate", help="a year of a synthetic shop under several ways to retrain")
    take_document(simulate)
    simulate.set_defaults(command=_simulate)
    drift = commands.add_parser("drift", help="inject drift into a synthetic shop and see the loop close")
    drift.add_argument("--config", type=Path, help="YAML file of the parameters that differ from the demonstration's")
    drift.set_defaults(command=_drift)
    return parser


def _collect(options: argparse.Namespace) -> int:
    """Serve the collector until it is stopped."""
    # Feast takes seconds to import, which the other commands need not wait for.
    from feedback.online_history import OnlineHistory

    workspace = _workspace(options)
    settings = configuration(options.source, options.config).monitoring.collector
    tokens = BearerTokens(Path(os.environ[TOKENS_FILE])) if os.environ.get(TOKENS_FILE) else None
    log = database(workspace)
    # In a file of the workspace endpoints write what they show themselves.
    shown = ImpressionStore(log) if log.file is None else None
    collector = Collector(EventLog(log), settings, OnlineHistory(workspace), tokens, LastRound(workspace), shown)
    uvicorn.run(collector.app(), host="0.0.0.0", port=collector_port(), log_level="warning", access_log=False)  # noqa: S104
    return 0


def _monitor(options: argparse.Namespace) -> int:
    from monitoring.retrain import Retraining
    from monitoring.round_summary import tell
    from monitoring.rounds import run_round

    workspace = _workspace(options)
    retraining = Retraining(options.source, options.config, workspace)
    config = configuration(options.source, options.config)
    tell(Console(), run_round(workspace, config, retraining.way(), dry=options.dry_run))
    return 0


def _experiment(options: argparse.Namespace) -> int:
    from experiments.command import experiment

    experiment(_workspace(options), configuration(options.source, options.config), Console())
    return 0


def _survey(options: argparse.Namespace) -> int:
    from experiments.survey.command import hand_out

    hand_out(_workspace(options), configuration(options.source, options.config), options.against, Console())
    return 0


def _survey_report(options: argparse.Namespace) -> int:
    from experiments.survey.command import tell

    config = configuration(options.source, options.config)
    tell(_workspace(options), config, options.ratings, options.survey, Console())
    return 0


def _forget(options: argparse.Namespace) -> int:
    from privacy.erasure import forget, tell

    salt = configuration(options.source, options.config).serving.customer_salt
    return tell(Console(), forget(_workspace(options), options.customer, salt))


def _status(options: argparse.Namespace) -> int:
    from monitoring.status import write_status

    config = configuration(options.source, options.config)
    sys.stdout.write(f"{write_status(_workspace(options), config, datetime.now(UTC))}\n")
    return 0


def _power(options: argparse.Namespace) -> int:
    from experiments.command import plan

    plan(options, _workspace(options), configuration(options.source, options.config), Console())
    return 0


def _experiments(options: argparse.Namespace) -> int:
    from benchmarks.experiments.check import check

    check(ExperimentSettings(effect=SIMULATED_EFFECT), options.experiments, options.write_docs)
    return 0


def _load(options: argparse.Namespace) -> int:
    from benchmarks.collector.load import benchmark

    benchmark(options.write_docs)
    return 0


def _alarms(options: argparse.Namespace) -> int:
    from benchmarks.drift_alarms.measure import write

    write(options.rows, options.rounds, options.write_docs)
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from benchmarks.simulated_year.command import simulate
    from benchmarks.simulated_year.plan import Plan

    simulate(Plan(), Console(), options.write_docs)
    return 0


def _kpis(options: argparse.Namespace) -> int:
    for stage in get_args(kpis.Stage):
        publish(kpis.kpi_table(kpis.kpis_of_stage(stage)), mark(f"measures {stage}", MEASURES), options.write_docs)
    return 0


def _drift(options: argparse.Namespace) -> int:
    from benchmarks.drift_demo.story import play

    # The services that it starts are stopped however it ends.
    signal.signal(signal.SIGTERM, _interrupt)
    play(Console(), options.config)
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _workspace(options: argparse.Namespace) -> Workspace:
    return Workspace.named(Source.load(options.source).name)


if __name__ == "__main__":
    sys.exit(main())
