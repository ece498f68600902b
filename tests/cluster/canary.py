"""The deploy step's last part with the champion once more as the new model: run as ``python -c`` in a Job's pod.

It answers a tenth of the customers, then half of them, and then is rolled out to all.
"""

from components.release.canary import canary
from components.release.rollout import roll_out_bento
from deployment.target import DeploymentTarget
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate
from recommender.contract.tables import Tables
from settings.config import Config
from settings.serving import DeploymentSettings

SETTINGS = DeploymentSettings(ready_seconds=600, canary_shares=(0.1, 0.5), canary_minutes=0.75)
shop = Workspace.named("tiny")
record, tables = shop.champion() or {}, Tables.read(shop.tables)
folders = (shop.root / record[name] for name in ("bundle", "judged", "bento"))
config = Config(deployment=SETTINGS)
again = PromotionCandidate("again", *folders, shop.reference, {})
with canary(again, shop, lambda: tables, config):
    print("rolled out to all", flush=True)
    roll_out_bento(again, shop, DeploymentTarget.from_environment(), tables, config)
