"""``python -m benchmarks.serving``: our service beside the same engine in other servers, under the same load."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.serving.report import figures, summary
from benchmarks.serving.run import Subject, run
from infrastructure.command_line import exit_code, take_config, take_document, take_source
from infrastructure.documents import mark, publish
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from recommender.data.sources.source import Source
from settings.config import configuration

MARK: Final = mark("figures of serving", "make benchmark-serving")


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    options = _parser().parse_args(arguments)
    return exit_code(lambda: _benchmark(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    take_source(parser)
    take_config(parser)
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is measured")
    parser.add_argument("--seconds", type=float, default=4, help="of load at each number of connections")
    take_document(parser)
    return parser


def _benchmark(options: argparse.Namespace) -> None:
    """Measure with the engine and with one that answers at once.

    Raises:
        BundleError: The data set has no champion.
        LoadError: A server cannot be measured.
        ConfigError: The document has no place for the figures.
    """
    workspace = Workspace.named(Source.load(options.source).name)
    subject = Subject.of(workspace, configuration(options.source, options.config).serving)
    with tempfile.TemporaryDirectory() as scratch:
        found = {"source": options.source.as_posix(), **run(subject, Path(scratch), options.rounds, options.seconds)}
    write_json(workspace.benchmarks / "serving.json", found)
    medians = {**found, "engine": summary(found["engine"]), "instant": summary(found["instant"])}
    publish(figures(medians), MARK, options.write_docs)


if __name__ == "__main__":
    sys.exit(main())
