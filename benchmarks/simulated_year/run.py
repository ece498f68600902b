"""Simulates the year under every policy at once, and writes the results."""

import os
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Final

from rich.console import Console

from benchmarks.simulated_year.plan import YearPlan
from benchmarks.simulated_year.plot import year_plot
from benchmarks.simulated_year.policies import LABELS, PolicyName
from benchmarks.simulated_year.report import policy_table, retraining_table, retrainings
from benchmarks.simulated_year.simulated_shop import NAME
from benchmarks.simulated_year.year import Year, simulate_policy, weeks_done
from infrastructure.documents import code_commit, publish
from infrastructure.file_lock import exclusive_lock
from infrastructure.files import write_atomically, write_json
from infrastructure.workspace import Workspace
from settings.config import Config

#: Folders that the figures follow from besides the domain.
_SOURCES: Final = (":/monitoring", ":/feedback", ":/benchmarks")
PAGE: Final = "simulated-year"
COMMAND: Final = "make benchmark-simulated-year"
OWN_CONFIG: Final = Path(__file__).with_name("simulation.yaml")
PICTURE: Final = "simulation.svg"
#: The longest first, so that all end sooner.
_ORDER: Final[Sequence[PolicyName]] = ("weekly", "trigger", "never")
_REPORTED: Final[Sequence[PolicyName]] = ("never", "weekly", "trigger")
_LOOK_SECONDS: Final = 1.0


def simulate_year(plan: YearPlan, console: Console, folder: Path | None) -> None:
    """Simulate the year under every policy; write tables and plot into ``folder``.

    Without one the tables are printed, and the plot stays in the workspace.

    Raises:
        AlreadyRunningError: Another simulation is going on here.
    """
    workspace = Workspace.named(NAME)
    with exclusive_lock(workspace.lock, patience=0):
        years = _simulate_policies(plan, workspace.root, console)
    write_json(workspace.root / "years.json", {name: asdict(year) for name, year in years.items()})
    drawn = (folder or workspace.root) / PICTURE
    write_atomically(drawn, year_plot(years).encode())
    publish(year_figures(years, plan), PAGE, folder, COMMAND)
    console.print(f"picture: {drawn}", highlight=False, soft_wrap=True)


def year_figures(years: dict[PolicyName, Year], plan: YearPlan) -> str:
    """The tables and the sentences around them."""
    says = (
        f"{plan.weeks} weeks of {plan.customers:,} customers, {plan.products} products and {plan.visits} visits a "
        f"week, after a recorded year (seed {plan.seed}, commit `{code_commit(*_SOURCES)}`):"
    )
    fired = f"The trigger's retrainings, {len(retrainings(years['trigger']))} in all:"
    shown = f"![Quality by week]({PICTURE})"
    return "\n\n".join([says, policy_table(years, plan.seed), shown, fired, retraining_table(years["trigger"])])


def _simulate_policies(plan: YearPlan, folder: Path, console: Console) -> dict[PolicyName, Year]:
    """Every year, as many at once as there are processors, and each limited to one of them."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    config, years = Config.load(OWN_CONFIG), dict[PolicyName, Year]()
    context = get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=end_with_the_parent) as pool:
        playing: dict[Future[Year], PolicyName] = {
            pool.submit(simulate_policy, policy, plan, config, folder / policy): policy for policy in _ORDER
        }
        waiting = set(playing)
        with console.status("the years begin ...") as status:
            while waiting:
                done, waiting = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                status.update(
                    ", ".join(f"{LABELS[policy]}: week {weeks_done(folder / policy)}" for policy in _REPORTED)
                )
                for over in done:
                    years[playing[over]] = over.result()
                    console.print(f"the year is over: retrained {LABELS[playing[over]]}", highlight=False)
    return {policy: years[policy] for policy in _REPORTED}


def end_with_the_parent() -> None:
    """End this process when the one that started it is gone, however that ended."""
    parent = parent_process()
    assert parent is not None  # noqa: S101 (this runs in a worker only)

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()
