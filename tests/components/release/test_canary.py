"""A new model answers a share of the customers first, and all only if nothing speaks against it."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from components.release import canary as module
from components.release.canary import WallClock, canary
from deployment.canary_pointer import set_canary, withdraw_canary
from deployment.errors import DeploymentError
from infrastructure.errors import ConfigError, DataError
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate
from recommender.contract import columns as c
from recommender.contract.impressions import Impression
from recommender.contract.query import CHALLENGER, CHAMPION, customer_hash, variant_of
from recommender.contract.tables import Tables
from serving.impressions.log import ImpressionLog
from settings.config import Config
from settings.experiment import ExperimentSettings
from settings.serving import DeploymentSettings

BEGAN = 1_750_000_000.0
MINUTES = 5
CONFIG = Config(deployment=DeploymentSettings(canary_shares=(0.1, 0.5), canary_minutes=MINUTES, canary_customers=20))


class FakeTime:
    """Passes when it is waited for; then ``meanwhile`` happens."""

    def __init__(self):
        self.now, self.meanwhile = BEGAN, lambda: None

    def sleep(self, seconds):
        self.now += seconds
        self.meanwhile()


@pytest.fixture
def shop(tmp_path):
    """A workspace with a champion, and the candidate that shall follow it."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "manifest.json").write_text("{}")
    workspace = Workspace(tmp_path / "shop")
    workspace.promote({"version": "old"})
    return SimpleNamespace(
        workspace=workspace,
        time=FakeTime(),
        candidate=PromotionCandidate("new", tmp_path / "new", tmp_path, tmp_path, tmp_path, {}),
        tables=lambda: Tables(products=pd.DataFrame({c.PRODUCT_ID: ["p1"]})),
    )


@pytest.fixture
def judged(monkeypatch):
    """What the log says, in turn (the last one for ever); the steps that were asked for."""
    said, asked = [("open", 1000)], []

    def current_analysis(workspace, step, *_):
        verdict, customers = said.pop(0) if len(said) > 1 else said[0]
        asked.append((step.share, json.loads(workspace.challenger_file.read_text())["experiment"]["share"]))
        return SimpleNamespace(verdict=verdict, why="So it is.", assignment=SimpleNamespace(challenger=customers))

    monkeypatch.setattr(module, "current_analysis", current_analysis)
    return SimpleNamespace(said=said, asked=asked)


def go(shop, config=CONFIG, block=lambda: None):
    clock = WallClock(lambda: shop.time.now, shop.time.sleep)
    with canary(shop.candidate, shop.workspace, shop.tables, config, clock):
        block()


def test_each_share_is_held_and_watched_in_turn_and_nothing_is_left_of_it(shop, judged):
    pointed = []
    go(shop, block=lambda: pointed.append(shop.workspace.challenger()))

    looks = MINUTES * 60 / module.CHECK_SECONDS
    assert judged.asked == [(0.1, 0.1)] * int(looks) + [(0.5, 0.5)] * int(looks)
    assert shop.time.now == BEGAN + 2 * MINUTES * 60
    # Whoever has the new model keeps it while it becomes everyone's.
    assert pointed[0]["experiment"]["share"] == 0.5
    assert (shop.workspace.root / pointed[0]["bundle"] / "manifest.json").is_file()
    assert shop.workspace.challenger() is None


@pytest.mark.parametrize("verdict", ["stopped", "champion"])
@pytest.mark.parametrize("good_looks", [0, 7])
def test_what_speaks_against_it_ends_it_at_that_share(shop, judged, verdict, good_looks):
    judged.said[:] = [("open", 1000)] * good_looks + [(verdict, 1000)]

    with pytest.raises(DeploymentError, match=r"ended at (10|50)% of the customers.*So it is"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))

    assert len(judged.asked) == good_looks + 1
    assert shop.workspace.challenger() is None


@pytest.mark.parametrize("hand", ["removed", "another"])
def test_a_canary_that_somebody_takes_away_is_over(shop, judged, hand):
    def take_away():
        if hand == "removed":
            shop.workspace.challenger_file.unlink()
        else:
            write_json(shop.workspace.challenger_file, {"version": "mine", "bundle": "bundles/mine"})

    shop.time.meanwhile = take_away
    with pytest.raises(DeploymentError, match="taken away by hand"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))

    assert judged.asked == []
    assert (shop.workspace.challenger() or {}).get("version") == (None if hand == "removed" else "mine")


def test_too_few_customers_judge_nothing(shop, judged):
    judged.said[:] = [("open", 19)]

    with pytest.raises(DeploymentError, match="19 customers; 20 are needed"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))


def test_without_shares_or_without_a_champion_all_get_it_at_once(shop, judged):
    done, shop.tables = [], lambda: pytest.fail("nothing is judged")
    go(shop, config=Config(), block=lambda: done.append(shop.workspace.challenger()))
    shop.workspace.champion_file.unlink()
    go(shop, block=lambda: done.append(shop.workspace.challenger()))

    assert done == [None, None]
    assert (judged.asked, shop.time.now) == ([], BEGAN)


def test_a_rollout_that_fails_afterwards_leaves_no_challenger(shop, judged):  # noqa: ARG001 (it judges)
    with pytest.raises(ZeroDivisionError):
        go(shop, block=lambda: 1 / 0)

    assert shop.workspace.challenger() is None


def test_an_experiment_that_is_going_on_is_left_alone(shop, judged):
    mine = {"version": "mine", "bundle": "bundles/mine"}
    write_json(shop.workspace.challenger_file, mine)

    with pytest.raises(DataError, match="being tried already"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))

    assert shop.workspace.challenger() == mine
    assert judged.asked == []


def test_a_canary_that_a_killed_run_left_is_withdrawn_and_another_challenger_is_not(shop):
    set_canary(shop.workspace, "new", ExperimentSettings(name="canary-new", share=0.1))
    withdraw_canary(shop.workspace)
    assert shop.workspace.challenger() is None

    for record in ({"version": "mine", "bundle": "b"}, {"version": "m", "bundle": "b", "experiment": {"share": 0.2}}):
        write_json(shop.workspace.challenger_file, record)
        withdraw_canary(shop.workspace)
        assert shop.workspace.challenger() == record


@pytest.mark.parametrize("shares", [(0.5, 0.1), (0.1, 0.1), (0.0,), (1.0,)])
def test_shares_that_do_not_rise_between_none_and_all_are_refused(shares):
    with pytest.raises(ConfigError, match="canary_shares"):
        Config.from_json(json.dumps({"deployment": {"canary_shares": shares}}))


def show(shop, share, give=variant_of, slow=lambda variant: False):  # noqa: ARG005 (a parameter's name)
    """A list to each of a few hundred customers, as the service logs it a little after the step began."""
    log = ImpressionLog(shop.workspace.log, 10_000, 0.1)
    log.start()
    for number in range(600):
        customer = customer_hash(f"c{number}", "")
        variant = give(customer, "canary-new", share)
        seconds = 2.0 if slow(variant) else 0.001
        shown = (f"{share}-{number}", shop.time.now, customer, variant, variant, '["p1"]', "[1.0]", "", seconds)
        log.add(Impression(*shown))
    log.stop()


def traffic(shop, **how):
    """Customers ask once at each share."""
    seen = set()

    def ask():
        share = shop.workspace.challenger()["experiment"]["share"]
        if share not in seen:
            seen.add(share)
            show(shop, share, **how)

    return ask


def test_by_the_log_a_model_that_does_as_well_goes_through_all_shares(shop):
    shop.time.meanwhile, done = traffic(shop), []

    go(shop, block=lambda: done.append(True))

    assert done == [True]


def test_by_the_log_a_slower_model_does_not_get_to_the_next_share(shop):
    shop.time.meanwhile = traffic(shop, slow=lambda variant: variant == CHALLENGER)

    with pytest.raises(DeploymentError, match=r"ended at 10%.*guardrail is broken"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))


def test_by_the_log_processes_that_do_not_follow_the_pointer_are_found_out(shop):
    shop.time.meanwhile = traffic(shop, give=lambda *_: CHAMPION)

    with pytest.raises(DeploymentError, match="The draw is not the planned one"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))


def test_nobody_who_asks_is_nobody_who_judges(shop):
    with pytest.raises(DeploymentError, match="shown to 0 customers"):
        go(shop, block=lambda: pytest.fail("it was rolled out"))
