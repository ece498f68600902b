"""What ML engineers do: search, compile and submit, watch, experiment, and ask people."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from beauty.options import SYNTHETIC, ConfigFile, Figures, Source, Trials


def tune(source: Source = SYNTHETIC, config: ConfigFile = None, trials: Trials = None) -> None:
    """Search for the parameters of a data set; goes on where it was interrupted."""
    from beauty.terminal import show_progress
    from recommender.tuning import run
    from settings.config import configuration, with_trials

    show_progress()
    print(run.tune(source, with_trials(configuration(source, config), trials)))


def compile() -> None:  # noqa: A001 (the command's name)
    """Compile the pipelines to YAML anew."""
    from pipelines.compiled import compile_all

    for path in compile_all():
        print(path.name)


def submit(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    pipeline: Annotated[
        Literal["training", "monitoring", "tuning"], typer.Option("--pipeline", help="What is run.")
    ] = "training",
    runner: Annotated[
        Literal["job", "kfp"],
        typer.Option("--runner", help="One Job, or Kubeflow Pipelines at `KFP_ENDPOINT`."),
    ] = "job",
    namespace: Annotated[
        str, typer.Option("--namespace", help="Of a Job: where the platform is deployed.")
    ] = "beauty-recommender",
    schedule: Annotated[
        str | None,
        typer.Option("--schedule", help="Of monitoring on Kubeflow Pipelines: six fields, the first are seconds."),
    ] = None,
) -> None:
    """Run a pipeline on the cluster that KUBECONFIG names."""
    from functools import partial

    from pipelines.submit import EVERY_QUARTER_HOUR, Submission

    submission = Submission.from_files(pipeline, source, config, partial(print, flush=True))
    if runner == "kfp":
        submission.run_on_kubeflow(schedule=schedule or EVERY_QUARTER_HOUR)
    else:
        submission.run_as_job(namespace)


def monitor(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide and record only, whatever the decision.")] = False,
) -> None:
    """Look once at recent traffic, and retrain if need be."""
    from rich.console import Console

    from monitoring.retrain import Retraining
    from monitoring.round_report import print_round
    from monitoring.rounds import run_round
    from settings.config import configuration, workspace_of

    workspace = workspace_of(source)
    retraining = Retraining(source, config, workspace)
    print_round(Console(), run_round(workspace, configuration(source, config), retraining.retrainer(), dry=dry_run))


def experiment(source: Source = SYNTHETIC, config: ConfigFile = None) -> None:
    """Report what the experiment with the challenger has shown so far."""
    from rich.console import Console

    from experiments.log_analysis import report_experiment
    from settings.config import configuration, workspace_of

    report_experiment(workspace_of(source), configuration(source, config), Console())


def power(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    rate: Annotated[
        float | None, typer.Option("--rate", help="The goal's present value, where the log has none.")
    ] = None,
    answers: Annotated[float, typer.Option("--answers", help="Answers to each customer, with --rate.")] = 1.0,
) -> None:
    """Tell how many customers an experiment needs, from the log or from a rate."""
    from rich.console import Console

    from experiments.log_analysis import plan_experiment
    from settings.config import configuration, workspace_of

    plan_experiment(workspace_of(source), configuration(source, config), Console(), rate, answers)


def survey(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            help="Version of the other model; else the challenger, or best-sellers where none is tried.",
        ),
    ] = None,
) -> None:
    """Hand out a user test: lists of two models, or of one and best-sellers, blinded, for people to rate."""
    from rich.console import Console

    from experiments.survey.conduct import hand_out_survey
    from settings.config import configuration, workspace_of

    hand_out_survey(workspace_of(source), configuration(source, config), against, Console())


def survey_report(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    ratings: Annotated[
        Path | None, typer.Option("--ratings", metavar="FILE", help="Sheet that a rater has filled in (CSV).")
    ] = None,
    survey: Annotated[
        str | None, typer.Option("--survey", help="Id of the survey; without it the one handed out last.")
    ] = None,
) -> None:
    """Take in a filled sheet of a user test, and tell what all ratings say."""
    from rich.console import Console

    from experiments.survey.conduct import report_survey
    from settings.config import configuration, workspace_of

    report_survey(workspace_of(source), configuration(source, config), ratings, survey, Console())


def kpis(figures: Figures = None) -> None:
    """Print the measures of success with their definitions."""
    from recommender.evaluation.kpis import publish_measures

    publish_measures(figures)


COMMANDS: Final = (tune, compile, submit, monitor, experiment, power, survey, survey_report, kpis)
