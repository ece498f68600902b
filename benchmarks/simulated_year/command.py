"""Plays the years beside each other, and writes what they came to."""

import os
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Final

from rich.console import Console

from benchmarks.simulated_year.plan import Plan
from benchmarks.simulated_year.plot import picture
from benchmarks.simulated_year.policies import LABELS, Name
from benchmarks.simulated_year.report import firings, retrainings, summary
from benchmarks.simulated_year.world import NAME
from benchmarks.simulated_year.year import Year, lived, play
from infrastructure.documents import publish
from infrastructure.file_lock import exclusive_lock
from infrastructure.files import write_atomically, write_json
from infrastructure.git import code_commit
from infrastructure.workspace import Workspace
from settings.config import Config

#: Folders that the figures follow from besides the domain.
_SOURCES: Final = (":/monitoring", ":/feedback", ":/benchmarks")
PAGE: Final = "simulated-year"
COMMAND: Final = "make benchmark-simulated-year"
OWN_CONFIG: Final = Path(__file__).with_name("simulation.yaml")
PICTURE: Final = "simulation.svg"
#: The longest first, so that the last one to end ends soon.
_ORDER: Final[Sequence[Name]] = ("weekly", "trigger", "never")
_TOLD: Final[Sequence[Name]] = ("never", "weekly", "trigger")
_LOOK_SECONDS: Final = 1.0


def simulate(plan: Plan, console: Console, folder: Path | None) -> None:
    """Play the year under every way to decide, and write tables and picture.

    Args:
        plan: Of the year.
        console: Where it is told that a year is over.
        folder: Gets the page with the tables, and the picture beside it. Without one the tables are printed, and the
            picture stays in the workspace.

    Raises:
        AlreadyRunningError: Another simulation is going on here.
    """
    workspace = Workspace.named(NAME)
    with exclusive_lock(workspace.lock, patience=0):
        years = _played(plan, workspace.root, console)
    write_json(workspace.root / "years.json", {name: asdict(year) for name, year in years.items()})
    drawn = (folder or workspace.root) / PICTURE
    write_atomically(drawn, picture(years).encode())
    publish(told(years, plan), PAGE, folder, COMMAND)
    console.print(f"picture: {drawn}", highlight=False, soft_wrap=True)


def told(years: dict[Name, Year], plan: Plan) -> str:
    """The tables and the sentences around them."""
    says = (
        f"{plan.weeks} weeks of {plan.customers:,} customers, {plan.products} products and {plan.visits} visits a "
        f"week, after a recorded year (seed {plan.seed}, commit `{code_commit(*_SOURCES)}`):"
    )
    fired = f"The trigger's retrainings, {len(retrainings(years['trigger']))} in all:"
    shown = f"![Quality by week]({PICTURE})"
    return "\n\n".join([says, summary(years, plan.seed), shown, fired, firings(years["trigger"])])


def _played(plan: Plan, folder: Path, console: Console) -> dict[Name, Year]:
    """Every year, as many at once as there are processors; each keeps to one, so that the others have theirs."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    config, years = Config.load(OWN_CONFIG), dict[Name, Year]()
    context = get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=end_with_the_parent) as pool:
        playing: dict[Future[Year], Name] = {
            pool.submit(play, policy, plan, config, folder / policy): policy for policy in _ORDER
        }
        waiting = set(playing)
        with console.status("the years begin ...") as status:
            while waiting:
                done, waiting = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                status.update(", ".join(f"{LABELS[policy]}: week {lived(folder / policy)}" for policy in _TOLD))
                for over in done:
                    years[playing[over]] = over.result()
                    console.print(f"the year is over: retrained {LABELS[playing[over]]}", highlight=False)
    return {policy: years[policy] for policy in _TOLD}


def end_with_the_parent() -> None:
    """Have this process end when the one that started it is gone, however it went: nobody waits for its year."""
    parent = parent_process()
    assert parent is not None  # noqa: S101 (it is a worker's first act)

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()
