"""Rolls a Bento out to an InferenceService, with the smoke test that it passed before as the trial."""

from typing import Final

import httpx

from deployment.gitops import write_model
from deployment.kserve import KServeInferenceService
from deployment.rollout import Trial, roll_out
from deployment.target import DeploymentTarget
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate, copy_folder
from recommender.contract import columns as c
from recommender.contract.query import Query
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from serving.packaging.smoke import check_service
from settings.config import Config

SMOKE_TEST_CUSTOMERS: Final = 5
TIMEOUT_SECONDS: Final = 30


def roll_out_bento(
    candidate: PromotionCandidate, workspace: Workspace, target: DeploymentTarget, tables: Tables, config: Config
) -> None:
    """Copy the candidate's Bento to the InferenceService's store and make it served; the one before stays there.

    With GitOps the cluster is not waited for: the smoke test has shown that the Bento serves, and when it does is up
    to whoever applies the working tree.

    Raises:
        DeploymentError: Its pods did not become ready, or the GitOps file could not be written; the old model serves.
        BundleError: It failed the smoke test in its pods; the old model serves.
    """
    shop = workspace.root.name
    folder = target.model_folder(shop, candidate.version)
    copy_folder(candidate.bento, folder)
    uri = target.uri(folder)
    if target.gitops is not None:
        before = write_model(target.gitops, target.service, uri)
    else:
        trial = _trial(Engine.load(candidate.bundle), known_customers(tables, config))
        before = roll_out(KServeInferenceService(target.service, target.namespace), uri, trial, config.deployment)
    target.keep_only(shop, before, uri)


def _trial(engine: Engine, smoke_queries: list[Query]) -> Trial:
    """Sends the smoke test's queries to the address at which the new model answers."""

    def trial(address: str) -> None:
        with httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS) as client:
            check_service(client, engine, smoke_queries)

    return trial


def known_customers(tables: Tables, config: Config) -> list[Query]:
    """What a smoke test asks for: a few customers with a history."""
    some = interactions(tables)[c.CUSTOMER_ID].drop_duplicates().head(SMOKE_TEST_CUSTOMERS).tolist()
    return queries_from_tables(tables, some, config.seed, config.evaluation.k)
