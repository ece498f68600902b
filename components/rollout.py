"""A Bento's way into an InferenceService, tried by the same smoke test that it passed before."""

from typing import Final

import httpx

from deployment.kserve import KServe
from deployment.rollout import roll_out
from deployment.target import Target
from recommender import columns as c
from recommender.config import Config
from recommender.data.interactions import interactions
from recommender.data.tables import Tables
from recommender.engine import Engine
from recommender.evaluation.queries import queries
from recommender.promotion import Candidate, copy_folder
from recommender.query import Query
from recommender.workspace import Workspace
from serving.smoke import ask

KNOWN: Final = 5
TIMEOUT_SECONDS: Final = 30


def roll_out_bento(candidate: Candidate, workspace: Workspace, target: Target, tables: Tables, config: Config) -> None:
    """Put the candidate's Bento where the InferenceService reads, and make that serve it; the one before stays there.

    Raises:
        DeploymentError: Its pods did not become ready; the old model serves.
        BundleError: It failed the smoke test in its pods; the old model serves.
    """
    shop = workspace.root.name
    place = target.place(shop, candidate.version)
    copy_folder(candidate.bento, place)
    engine, asked = Engine.load(candidate.bundle), known_customers(tables, config)

    def trial(address: str) -> None:
        with httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS) as client:
            ask(client, engine, asked)

    before = roll_out(KServe(target.service, target.namespace), target.uri(place), trial, config.deployment)
    target.keep_only(shop, before, target.uri(place))


def known_customers(tables: Tables, config: Config) -> list[Query]:
    """What a smoke test asks for: a few customers with a history."""
    some = interactions(tables)[c.CUSTOMER_ID].drop_duplicates().head(KNOWN).tolist()
    return queries(tables, some, config.seed, config.evaluation.k)
