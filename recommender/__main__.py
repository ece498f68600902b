"""``python -m recommender recommend|benchmark-quality|tune|validate-knowledge|...``: the domain from a terminal."""

import argparse
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from rich.console import Console

from infrastructure import progress
from infrastructure.command_line import exit_code, take_config, take_document, take_source
from infrastructure.errors import ConfigError
from infrastructure.settings import Settings, checked
from recommender.config.evaluation import SplitKind, TuningSettings
from settings.config import Config, configuration


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    progress.logger.setLevel(logging.INFO)
    progress.logger.addHandler(_Lines())
    return exit_code(lambda: options.command(options))


class _Lines(logging.Handler):
    """Prints each note as a line with its figures."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(stderr=True, soft_wrap=True)

    def emit(self, record: logging.LogRecord) -> None:
        figures: dict[str, Any] = getattr(record, "figures", {})
        text = "  ".join(f"{name} {value:,}" for name, value in figures.items() if isinstance(value, int | float))
        self._console.print(f"[green]✓[/green] {record.getMessage():<44}", f"[dim]{text}[/dim]", highlight=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recommender", description=__doc__)
    commands = parser.add_subparsers(required=True)
    recommend = commands.add_parser("recommend", help="fit on everything and write every customer's list")
    recommend.add_argument("--out", type=Path, required=True, help="Parquet file to write")
    recommend.add_argument("--k", type=int, default=10, help="products a customer, 1 to 100")
    recommend.set_defaults(command=_recommend)
    benchmark = commands.add_parser("benchmark-quality", help="table of every model family and the hybrid")
    benchmark.add_argument("--split", choices=get_args(SplitKind), help="what is held out, instead of the parameter")
    benchmark.add_argument("--date", help="of the split by time: first day that is not learnt from")
    benchmark.add_argument("--least", type=int, help="products that a customer must have to be tested")
    benchmark.add_argument("--draws", type=int, default=1, help="how often a split without dates is drawn")
    benchmark.add_argument("--seed", type=int, help="of the first draw, in place of the parameter")
    benchmark.add_argument(
        "--tuned",
        action="store_true",
        help="choose the settings for each draw on what it leaves to learn from, beginning with the defaults and "
        "--config: what the source names is not used, as it may have been chosen on the products that are held out",
    )
    benchmark.add_argument("--trials", type=int, help="with --tuned: blends tried, in place of tuning.trials")
    take_document(benchmark)
    benchmark.set_defaults(command=_benchmark)
    diversity = commands.add_parser("benchmark-diversity", help="what unlike products in a list cost and give")
    diversity.set_defaults(command=_diversity)
    tune = commands.add_parser("tune", help="search for the parameters of a data set")
    tune.add_argument("--trials", type=int, help="blends tried, in place of the setting tuning.trials")
    tune.set_defaults(command=_tune)
    knowledge = commands.add_parser("validate-knowledge", help="the knowledge of ingredients against a catalogue")
    knowledge.add_argument("--inventory", type=Path, help="folder of a public inventory of ingredients")
    take_document(knowledge)
    knowledge.set_defaults(command=_validate_knowledge)
    quarantine = commands.add_parser("quarantine", help="what cleaning rejects and empties, and why")
    quarantine.add_argument("--examples", type=int, default=1, help="rows to show of each rule")
    quarantine.set_defaults(command=_quarantine)
    for command in (recommend, benchmark, diversity, tune, knowledge, quarantine):
        take_source(command)
    settings = commands.add_parser("config", help="print every parameter")
    settings.add_argument("--source", type=Path, help="YAML file of a data set, for the parameters that hold there")
    settings.set_defaults(command=_settings)
    for command in (recommend, benchmark, diversity, tune, quarantine, settings):
        take_config(command)
    return parser


# The commands import what they need themselves: `config` answers at once, without loading any model library.


def _recommend(options: argparse.Namespace) -> None:
    from recommender.training.batch_scoring import write_recommendations

    write_recommendations(options.source, options.out, options.k, configuration(options.source, options.config))


def _benchmark(options: argparse.Namespace) -> None:
    from benchmarks.quality import benchmark

    config = _with_split(_benchmarked(options), options)
    print(benchmark(options.source, config, options.write_docs, options.draws, tuned=options.tuned))


def _benchmarked(options: argparse.Namespace) -> Config:
    """The parameters to measure with, or to begin a search for them with.

    Raises:
        ConfigError: A file is wrong, or trials are asked for without a search.
    """
    if options.tuned:
        return _with_trials(Config.load(options.config), options.trials)
    if options.trials is not None:
        raise ConfigError(
            "Nothing is searched for.",
            where="the command line",
            field="--trials",
            value=options.trials,
            expected="--tuned beside it, or no --trials",
        )
    return configuration(options.source, options.config)


def _with_split(config: Config, options: argparse.Namespace) -> Config:
    """``config`` with the split and the seed that the command line names.

    Raises:
        ConfigError: A value is wrong, or nothing follows from it.
    """
    asked = {"split": options.split, "split_date": options.date, "minimum_history": options.least}
    values = config.model_dump(mode="json")
    values["evaluation"] |= {name: value for name, value in asked.items() if value is not None}
    values |= {} if options.seed is None else {"seed": options.seed}
    found = Config.parse(values, where="the command line")
    if options.least is not None and found.evaluation.split == "customers":
        raise ConfigError(
            "Customers who are held out whole are tested however few products they have.",
            where="the command line",
            field="--least",
            value=options.least,
            expected="another split, or no --least",
        )
    return found


def _diversity(options: argparse.Namespace) -> None:
    from benchmarks.quality import benchmark_diversity

    print(benchmark_diversity(options.source, configuration(options.source, options.config)))


def _tune(options: argparse.Namespace) -> None:
    from recommender.tuning.run import tune

    print(tune(options.source, _with_trials(configuration(options.source, options.config), options.trials)))


def _with_trials(config: Config, trials: int | None) -> Config:
    """``config`` with as many trials as the command line asks for, if it does."""
    if trials is None:
        return config
    tuning = checked(TuningSettings, config.tuning.model_dump() | {"trials": trials}, where="--trials")
    return config.model_copy(update={"tuning": tuning})


def _validate_knowledge(options: argparse.Namespace) -> None:
    from recommender.reports.knowledge.report import validate

    print(validate(options.source, options.inventory, options.write_docs))


def _quarantine(options: argparse.Namespace) -> None:
    from recommender.reports.quarantine import show_quarantine

    print(show_quarantine(options.source, configuration(options.source, options.config), options.examples))


def _settings(options: argparse.Namespace) -> None:
    print("\n".join(_described(_asked_for(options))))


def _asked_for(options: argparse.Namespace) -> Config:
    return configuration(options.source, options.config) if options.source else Config.load(options.config)


def _described(settings: Settings, depth: int = 0) -> Iterator[str]:
    """Every parameter as YAML, its meaning behind it."""
    indent = "  " * depth
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Settings):
            yield f"{indent}{name}:"
            yield from _described(value, depth + 1)
        else:
            shown = settings.model_dump(mode="json")[name]
            yield f"{indent}{name}: {_yaml(shown)}" + (f"  # {field.description}" if field.description else "")


def _yaml(value: Any) -> str:
    import yaml

    return yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("\n").removesuffix("\n...")


if __name__ == "__main__":
    sys.exit(main())
