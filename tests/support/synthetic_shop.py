"""A small synthetic shop, fitted once and tables written by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.engine.engine import Engine
from recommender.splits import Split, split
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from recommender.training.bundles import train_bundles
from settings.config import Config


@pytest.fixture(scope="session")
def tables_of() -> Callable[..., Tables]:
    """Clean tables from columns, as preparation makes them."""

    def build(**tables: dict[str, list[Any]]) -> Tables:
        raw = RawTables("shop", {name: pd.DataFrame(columns) for name, columns in tables.items()})
        return prepare(raw, Config()).tables

    return build


@pytest.fixture(scope="session")
def config() -> Config:
    """The defaults, but for what a shop of a few hundred customers needs."""
    values = {
        "model": {
            "ranker": {"trees": 10, "minimum_leaf": 5, "minimum_groups": 20},
            "network": {"least_pairs": 100, "epochs": 2, "length": 5, "width": 8, "text_width": 8, "share": 0.1},
            "groups": {"minimum": 10},
        },
        "evaluation": {"resamples": 200},
    }
    return Config.parse(values, where="test")


@pytest.fixture(scope="session")
def tables(config: Config) -> Tables:
    """A synthetic shop with every table."""
    settings = SyntheticSettings(customers=250, products=150, days=300)
    return prepare(RawTables("tiny", clean_tables(settings)), config).tables


@pytest.fixture(scope="session")
def tiny_split(tables: Tables, config: Config) -> Split:
    return split(tables, config)


@pytest.fixture(scope="session")
def judged(tiny_split: Split, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle fitted without the held-out purchases; the deployed one stands beside it as ``model``."""
    folder = tmp_path_factory.mktemp("trained")
    train_bundles(tiny_split, config, folder / "judged", folder / "model")
    return folder / "judged"


@pytest.fixture(scope="session")
def model(judged: Path) -> Path:
    """The bundle fitted on everything."""
    return judged.with_name("model")


@pytest.fixture(scope="session")
def engine(model: Path) -> Engine:
    return Engine.load(model)
