"""``python -m pipelines run|submit|compile``: the pipelines from a terminal."""

import argparse
import os
import sys
from typing import Final

from rich.console import Console

from infrastructure.command_line import exit_code, take_config, take_source
from pipelines.compiled import compile_all
from pipelines.display import display_for
from pipelines.runner import Run
from pipelines.summary import example_call, print_summary

NAMESPACE: Final = "beauty-recommender"


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(
        lambda: options.command(options), "Interrupted. Nothing is left half done; run it again to complete."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipelines", description="The pipelines.")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="run the training pipeline here, then serve its champion")
    take_source(run)
    take_config(run)
    run.add_argument("--serve", type=int, choices=(0, 1), help="serve afterwards; without it: in a terminal only")
    run.set_defaults(command=_run)
    submit = commands.add_parser("submit", help="run a pipeline on a cluster")
    take_source(submit)
    take_config(submit)
    submit.add_argument("--pipeline", choices=("training", "monitoring", "tuning"), default="training")
    submit.add_argument("--runner", choices=("job", "kfp"), default="job", help="one Job, or Kubeflow Pipelines")
    submit.add_argument("--namespace", default=NAMESPACE, help="of a Job: where the platform is deployed")
    submit.add_argument("--schedule", help="of monitoring on Kubeflow Pipelines: six fields, the first are seconds")
    submit.set_defaults(command=_submit)
    commands.add_parser("compile", help="compile the pipelines anew").set_defaults(command=_compile)
    return parser


def _run(options: argparse.Namespace) -> int:
    console = Console()
    run = Run.prepare(options.source, options.config)
    console.print(f"Run {run.run_id} in {run.workspace.root}", highlight=False)
    outcome = run.execute(display_for(console))
    print_summary(console, run, outcome)
    if options.serve if options.serve is not None else sys.stdout.isatty():
        _serve(console, run, options)
    return 0


def _serve(console: Console, run: Run, options: argparse.Namespace) -> None:
    """Become the serving process: Ctrl-C then reaches it, and nothing else is left running."""
    console.print("\nServing; Ctrl-C ends it. For example:", style="bold")
    example = example_call(run.workspace, int(os.environ.get("PORT", "3000")))
    console.print(example, markup=False, highlight=False, soft_wrap=True)
    sys.stdout.flush()
    config = ["--config", str(options.config)] if options.config else []
    command = [sys.executable, "-m", "serving", "--source", str(options.source), *config]
    os.execv(sys.executable, command)  # noqa: S606 - our own module, no shell wanted


def _submit(options: argparse.Namespace) -> None:
    from deployment.kubeflow.sdk import Server
    from pipelines.submit import QUARTERLY, Submission

    submission = Submission.of(options.pipeline, options.source, options.config, lambda line: print(line, flush=True))
    if options.runner == "kfp":
        submission.as_run(Server.read(), options.schedule or QUARTERLY)
    else:
        submission.as_job(options.namespace)


def _compile(_: argparse.Namespace) -> int:
    for path in compile_all():
        sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
