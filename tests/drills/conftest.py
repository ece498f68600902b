"""A served Bento of a small shop, and traffic on it while something is broken on purpose.

``make drills`` runs the drills alone and writes their figures where ``--drill-figures`` says.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from infrastructure import documents
from infrastructure.documents import code_commit
from recommender.contract.query import Profile, Query
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.engine.engine import Engine
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from recommender.training.bundles import fit_on_everything
from serving.packaging.package import build_bento
from settings.config import Config

ANN = ("parfum",)
"""What ``feast_stores`` says that ann avoids."""

FIGURES = pytest.StashKey[list[dict]]()
COLUMNS = {
    "drill": "drill",
    "requests": "requests",
    "failed": "failed",
    "refused": "refused",
    "fallback": "without the store",
    "p50": "p50 ms",
    "p99": "p99 ms",
    "recovery": "recovery s",
}


def pytest_addoption(parser):
    parser.addoption("--drill-figures", help="folder for the page of the drills' figures")


def pytest_configure(config):
    config.stash[FIGURES] = []


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash[FIGURES]
    if not rows:
        return
    figures = f"Commit {code_commit(':/serving', ':/tests/drills')}.\n\n{_table(rows)}"
    terminalreporter.write_line(figures)
    if folder := config.getoption("--drill-figures", None):
        documents.publish(figures, "figures-of-the-drills", Path(folder), "make drills")


def _table(rows):
    return documents.table(tuple(COLUMNS.values()), ([_cell(row.get(name)) for name in COLUMNS] for row in rows))


def _cell(value):
    return "" if value is None else f"{value:,.1f}" if isinstance(value, float) else str(value)


def fit(folder: Path, seed: int) -> Path:
    config = Config.parse({"model": {"ranker": {"enabled": False}, "network": {"enabled": False}}}, where="test")
    shop = clean_tables(SyntheticSettings(customers=150, products=120, days=200, seed=seed))
    fit_on_everything(prepare(RawTables("drill", shop), config).tables, config, folder)
    return folder


@pytest.fixture(scope="session")
def bundles(tmp_path_factory) -> list[Path]:
    """Two models whose answers differ."""
    folder = tmp_path_factory.mktemp("drills")
    return [fit(folder / f"model-{seed}", seed) for seed in (1, 2)]


@pytest.fixture(scope="session")
def bento(bundles, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("drills-bento") / "bento"
    build_bento(bundles[0], target)
    return target


@pytest.fixture(scope="session")
def forbidden(bundles) -> set[str]:
    """The products that ann must never see."""
    engine = Engine.load(bundles[0])
    query = Query("ann", profile=Profile(avoided_ingredients=ANN))
    found = {violation.product_id for violation in engine.rules.check(query, engine.catalogue.product_ids)}
    assert 0 < len(found) < len(engine.catalogue)
    return found


@pytest.fixture
def note(request) -> Callable[..., None]:
    """Keep a drill's figures for the table."""
    return request.config.stash[FIGURES].append
