"""``python -m benchmarks NAME …``, or ``make benchmark-NAME``: measure, simulate or demonstrate, one command each."""

import os
import signal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from beauty.options import SYNTHETIC, ConfigFile, Figures, Source, Trials
from beauty.terminal import CommandGroup, show_progress

app = typer.Typer(
    cls=CommandGroup,
    help="What measures, simulates or demonstrates the platform.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

_MODELS, _PLATFORM, _LOOP = "Models", "Speed and size", "Data, drift and experiments"

#: What options that may be repeated are where they are not given.
_CATALOGUES: Final = [100_000, 1_000_000]
_INTERACTIONS: Final = [100_000, 1_000_000, 10_000_000]
_ROWS_READ: Final = [1_000_000, 10_000_000]
_SIZES: Final[list[float]] = [0.1, 1, 10]
_TOO_LARGE: Final[list[float]] = [100]
_NONE: Final[list[str]] = []
_Sources = Annotated[
    list[str], typer.Option("--sources", envvar="BEAUTY_SOURCES", help="YAML file of a data set; may be repeated.")
]


def _rounds(what: str) -> Any:
    return typer.Option("--rounds", envvar="BEAUTY_ROUNDS", min=1, help=what)


@app.callback()
def _prepare() -> None:
    """Show progress, whatever is measured."""
    show_progress()


@app.command(rich_help_panel=_MODELS)
def quality(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    split: Annotated[
        Literal["last", "time", "random", "rolling", "customers"] | None,
        typer.Option("--split", envvar="BEAUTY_SPLIT", help="What is held out, instead of the parameter."),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", envvar="BEAUTY_DATE", help="Of the split by time: first day that is not learnt from."),
    ] = None,
    least: Annotated[
        int | None,
        typer.Option("--least", envvar="BEAUTY_LEAST", help="Products that a customer must have to be tested."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", envvar="BEAUTY_DRAWS", help="How often a split without dates is drawn.")
    ] = 1,
    seed: Annotated[
        int | None,
        typer.Option("--seed", envvar="BEAUTY_SEED", help="Of the first draw, in place of the parameter."),
    ] = None,
    tuned: Annotated[
        bool,
        typer.Option(
            "--tuned",
            envvar="BEAUTY_TUNED",
            help="Choose the settings for each draw on what it leaves to learn from, beginning with the defaults and "
            "--config: what the source names is not used, as it may have been chosen on the products that are held "
            "out.",
        ),
    ] = False,
    trials: Trials = None,
    figures: Figures = None,
) -> None:
    """Compare every model family and the hybrid on the same held-out purchases."""
    from benchmarks.quality import benchmark_quality
    from benchmarks.quality.parameters import parameters, with_split

    chosen = parameters(source, config, tuned=tuned, trials=trials)
    chosen = with_split(chosen, seed, split=split, split_date=date, minimum_history=least)
    print(benchmark_quality(source, chosen, figures, draws, tuned=tuned))


@app.command(rich_help_panel=_MODELS)
def diversity(source: Source = SYNTHETIC, config: ConfigFile = None) -> None:
    """Measure what unlike products in a list cost in NDCG, for several values of the setting."""
    from benchmarks.quality import benchmark_diversity
    from settings.config import configuration

    print(benchmark_diversity(source, configuration(source, config)))


@app.command(rich_help_panel=_MODELS)
def guests(
    customers: Annotated[int, typer.Option("--customers", help="Of each of three synthetic shops.")] = 3000,
    share: Annotated[float, typer.Option("--share", help="Of them who never say who they are.")] = 0.3,
) -> None:
    """Measure what guests' baskets are worth: learnt from or thrown away."""
    from benchmarks.quality.guests import guests_table, guests_worth
    from recommender.synthetic.settings import SyntheticSettings
    from settings.config import Config

    print(guests_table(guests_worth(SyntheticSettings(customers=customers), share, Config())))


@app.command(rich_help_panel=_MODELS)
def reasons(
    source: Source = SYNTHETIC,
    customers: Annotated[int, typer.Option("--customers", help="How many are asked for, drawn by the seed.")] = 500,
    figures: Figures = None,
) -> None:
    """Count how often a product's score falls without the cause that its reason names."""
    from benchmarks.reasons.benchmark import benchmark_reasons

    benchmark_reasons(source, customers, figures)


@app.command(rich_help_panel=_MODELS)
def gate(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    rounds: Annotated[int, _rounds("Challengers of each kind.")] = 500,
    figures: Figures = None,
) -> None:
    """Simulate how often the gate refuses a model that is as good, and lets one through that is worse."""
    from benchmarks.gate.benchmark import benchmark_gate
    from settings.config import configuration

    benchmark_gate(source, configuration(source, config), rounds, figures)


@app.command(rich_help_panel=_MODELS)
def safety(
    shops: Annotated[int, typer.Option("--shops", help="How many are drawn.")] = 1_000,
    sources: _Sources = _NONE,
    figures: Figures = None,
) -> None:
    """Ask drawn shops on every path for people who avoid something: is it ever shown, and what does caution cost?"""
    from benchmarks.safety.benchmark import benchmark_safety

    benchmark_safety(shops, [Path(source) for source in sources], figures)


@app.command(rich_help_panel=_PLATFORM)
def engine(
    source: Source = SYNTHETIC,
    rounds: Annotated[int, _rounds("How often each size is measured.")] = 5,
    requests: Annotated[int, typer.Option("--requests", help="Requests in a round.")] = 500,
    products: Annotated[
        list[int], typer.Option("--products", help="Size of a drawn catalogue; may be repeated.")
    ] = _CATALOGUES,
    figures: Figures = None,
) -> None:
    """Time the champion's engine for one request, at its own size and at larger ones."""
    _use_one_thread()
    from benchmarks.engine.benchmark import benchmark_engine

    benchmark_engine(source, products, rounds, requests, figures)


@app.command(rich_help_panel=_PLATFORM)
def serving(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    rounds: Annotated[int, _rounds("How often each server is measured.")] = 3,
    seconds: Annotated[float, typer.Option("--seconds", help="Of load at each number of connections.")] = 4,
    figures: Figures = None,
) -> None:
    """Put our service beside the same engine in other servers, under the same load (wrk)."""
    from benchmarks.serving.run import benchmark_serving

    benchmark_serving(source, config, rounds, seconds, figures)


@app.command(rich_help_panel=_PLATFORM)
def data(
    rows: Annotated[list[int], typer.Option("--rows", help="Interactions; may be repeated.")] = _INTERACTIONS,
    pandas_up_to: Annotated[
        int, typer.Option("--pandas-up-to", help="The largest size that pandas is measured at.")
    ] = 1_000_000,
    rounds: Annotated[int, _rounds("How often each is measured, both by turns.")] = 1,
    figures: Figures = None,
) -> None:
    """Time preparation and features by number of interactions, beside pandas doing the same."""
    from benchmarks.data.benchmark import benchmark_data

    benchmark_data(rows, pandas_up_to, rounds, figures)


@app.command(rich_help_panel=_PLATFORM)
def ingest(
    rows: Annotated[list[int], typer.Option("--rows", help="Transactions; may be repeated.")] = _ROWS_READ,
    before: Annotated[
        Path | None, typer.Option("--before", help="Checkout of an older commit, which reads the same files.")
    ] = None,
    figures: Figures = None,
) -> None:
    """Time reading by number of rows, part by part and as a preview, beside an older checkout."""
    from benchmarks.ingest.benchmark import benchmark_ingest

    benchmark_ingest(rows, before, figures)


@app.command(rich_help_panel=_PLATFORM)
def fit(
    sizes: Annotated[
        list[float],
        typer.Option("--sizes", envvar="BEAUTY_SIZES", help="1 is as large as Amazon Beauty; may be repeated."),
    ] = _SIZES,
    network_up_to: Annotated[
        float,
        typer.Option(
            "--network-up-to", envvar="BEAUTY_NETWORK_UP_TO", help="The largest that is fitted with the network."
        ),
    ] = 1,
    ask: Annotated[
        list[float], typer.Option("--ask", help="Size that is asked for, never fitted; may be repeated.")
    ] = _TOO_LARGE,
    lowered: Annotated[float, typer.Option("--lowered", help="The size that is refused where memory is short.")] = 1,
    most_megabytes: Annotated[
        int, typer.Option("--most-megabytes", help="Of the machine where memory is short.")
    ] = 2_000,
    figures: Figures = None,
) -> None:
    """Measure how time, memory and bundle of a fit grow with the shop, and how one too large is refused."""
    _use_one_thread()
    from benchmarks.fit.benchmark import Sizes, benchmark_fit

    tried = Sizes(sizes=sizes, network_up_to=network_up_to, ask=ask, lowered=lowered, most_megabytes=most_megabytes)
    benchmark_fit(tried, figures)


@app.command(rich_help_panel=_PLATFORM)
def collector(figures: Figures = None) -> None:
    """Measure how many events a second the collector takes, beside plain inserts by the same driver."""
    from benchmarks.collector.throughput import measure_collector

    measure_collector(figures)


@app.command(rich_help_panel=_LOOP)
def cleaning(
    source: Annotated[
        Path, typer.Option("--source", "-s", envvar="BEAUTY_SOURCE", help="YAML file of a synthetic shop.")
    ] = SYNTHETIC,
    sources: _Sources = _NONE,
    figures: Figures = None,
) -> None:
    """Measure how much planted dirt cleaning finds, and what becomes of the rows of other data sets."""
    from benchmarks.cleaning.benchmark import benchmark_cleaning

    benchmark_cleaning(source, [Path(other) for other in sources], figures)


@app.command(rich_help_panel=_LOOP)
def labels(
    folder: Annotated[Path, typer.Argument(help="Of files LANGUAGE.txt with one ingredient list a line.")],
    figures: Figures = None,
) -> None:
    """Measure how much of real labels in national languages is read, and list what could hide there."""
    from benchmarks.labels.benchmark import benchmark_labels

    benchmark_labels(folder, figures)


@app.command(rich_help_panel=_LOOP)
def drift_alarms(
    rows: Annotated[int, typer.Option("--rows", help="Recent purchases, and answers, in a round.")] = 900,
    rounds: Annotated[int, _rounds("How many without any change; of each with one a fifth.")] = 100,
    figures: Figures = None,
) -> None:
    """Simulate how often drift is reported where there is none, and where there is."""
    from benchmarks.drift_alarms.measure import publish_alarms

    publish_alarms(rows, rounds, figures)


@app.command(rich_help_panel=_LOOP)
def experiments(
    count: Annotated[int, typer.Option("--experiments", help="How many of each kind.")] = 1000,
    figures: Figures = None,
) -> None:
    """Simulate experiments that are looked at daily: how often is the verdict right?"""
    from benchmarks.experiments.check import SETTINGS, check_experiments

    check_experiments(SETTINGS, count, figures)


@app.command(rich_help_panel=_LOOP)
def erasures(
    count: Annotated[int, typer.Option("--erasures", min=1, help="How many.")] = 1000, figures: Figures = None
) -> None:
    """Forget customers of shops where ids are others' names too, and compare every row of every store."""
    from benchmarks.erasures.benchmark import benchmark_erasures

    benchmark_erasures(count, figures)


@app.command(rich_help_panel=_LOOP)
def simulated_year(figures: Figures = None) -> None:
    """Play a year of a synthetic shop: never retraining, every week, and by the trigger."""
    from rich.console import Console

    from benchmarks.simulated_year.plan import YearPlan
    from benchmarks.simulated_year.run import simulate_year

    simulate_year(YearPlan(), Console(), figures)


@app.command(rich_help_panel=_LOOP)
def drift_demo(config: ConfigFile = None) -> None:
    """Inject drift into a synthetic shop, send traffic, and see the loop close by itself."""
    from rich.console import Console

    from benchmarks.drift_demo.demo import run_demo

    # The services that it starts are stopped however it ends.
    signal.signal(signal.SIGTERM, _interrupt)
    run_demo(Console(), config)


def _use_one_thread() -> None:
    """Have what is imported from now on compute on one thread: several would measure how they get along."""
    os.environ["OMP_NUM_THREADS"] = "1"


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
