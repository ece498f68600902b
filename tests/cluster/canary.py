"""The deploy step's last part with the champion once more as the new model: run as ``python -c`` in a Job's pod.

It answers a tenth of the customers, then half of them, and then is rolled out to all.
"""

from components.canary import canary
from components.rollout import roll_out_bento
from deployment.target import Target
from recommender.config import Config
from recommender.config.deployment import DeploymentSettings
from recommender.data.tables import Tables
from recommender.promotion import Candidate
from recommender.workspace import Workspace

SETTINGS = DeploymentSettings(ready_seconds=600, canary_shares=(0.1, 0.5), canary_minutes=0.75)
shop = Workspace.named("tiny")
record, tables = shop.champion() or {}, Tables.read(shop.tables)
folders = (shop.root / record[name] for name in ("bundle", "judged", "bento"))
config = Config(deployment=SETTINGS)
again = Candidate("again", *folders, shop.reference, {})
with canary(again, shop, lambda: tables, config):
    print("rolled out to all", flush=True)
    roll_out_bento(again, shop, Target.read(), tables, config)
