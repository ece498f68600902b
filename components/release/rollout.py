"""A Bento's way into an InferenceService, tried by the same smoke test that it passed before."""

from typing import Final

import httpx

from deployment.gitops import write_model
from deployment.kserve import KServe
from deployment.rollout import Trial, roll_out
from deployment.target import Target
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate, copy_folder
from recommender.contract import columns as c
from recommender.contract.query import Query
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from serving.packaging.smoke import ask
from settings.config import Config

KNOWN: Final = 5
TIMEOUT_SECONDS: Final = 30


def roll_out_bento(
    candidate: PromotionCandidate, workspace: Workspace, target: Target, tables: Tables, config: Config
) -> None:
    """Put the candidate's Bento where the InferenceService reads, and make that serve it; the one before stays there.

    With GitOps nobody waits for the cluster: that the Bento serves the smoke test has shown, and when it does is up
    to whoever applies the working tree.

    Raises:
        DeploymentError: Its pods did not become ready, or it could not be written down; the old model serves.
        BundleError: It failed the smoke test in its pods; the old model serves.
    """
    shop = workspace.root.name
    place = target.place(shop, candidate.version)
    copy_folder(candidate.bento, place)
    uri = target.uri(place)
    if target.gitops is not None:
        before = write_model(target.gitops, target.service, uri)
    else:
        trial = _trial(Engine.load(candidate.bundle), known_customers(tables, config))
        before = roll_out(KServe(target.service, target.namespace), uri, trial, config.deployment)
    target.keep_only(shop, before, uri)


def _trial(engine: Engine, asked: list[Query]) -> Trial:
    """Asks what the smoke test asked, at whatever address the new model answers."""

    def trial(address: str) -> None:
        with httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS) as client:
            ask(client, engine, asked)

    return trial


def known_customers(tables: Tables, config: Config) -> list[Query]:
    """What a smoke test asks for: a few customers with a history."""
    some = interactions(tables)[c.CUSTOMER_ID].drop_duplicates().head(KNOWN).tolist()
    return queries_from_tables(tables, some, config.seed, config.evaluation.k)
