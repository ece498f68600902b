"""Whatever goes wrong with a new model, the stable predictor keeps the old one."""

import pytest

from deployment.errors import DeploymentError, UnavailableError
from deployment.kserve import RolloutStatus
from deployment.rollout import roll_out
from settings.serving import DeploymentSettings

SETTINGS = DeploymentSettings(ready_seconds=0.05, poll_seconds=0.001, settle_seconds=0)
SETTLING = SETTINGS.model_copy(update={"settle_seconds": 60})
OLD, NEW = "pvc://models/shop/old", "pvc://models/shop/bentos/new"


class FakeService:
    """An InferenceService whose pods are ready at once, but for the models in ``broken``."""

    def __init__(self, stable, broken=(), stable_breaks=False):
        self.stable, self.candidate = stable, None
        self.broken = broken
        self.stable_breaks = stable_breaks
        self.served = [stable]

    def model_uri(self):
        return self.stable

    def set_models(self, stable, candidate=None):
        self.stable, self.candidate = stable, candidate
        self.served.append(stable)

    def rollout_status(self, candidate=False):
        uri = self.candidate if candidate else self.stable
        broken = uri in self.broken or (self.stable_breaks and not candidate and uri == NEW)
        return RolloutStatus(uri, complete=not broken, message="pods crash" if broken else "")

    def address(self, candidate=False):
        return "candidate" if candidate else "stable"


def test_the_new_model_is_tried_without_traffic_before_it_takes_over():
    service, asked = FakeService(OLD), []

    roll_out(service, NEW, lambda address: asked.append((address, service.stable)), SETTINGS)

    assert asked == [("candidate", OLD), ("stable", NEW)]
    assert (service.stable, service.candidate) == (NEW, None)


def test_a_model_whose_pods_do_not_get_ready_never_becomes_the_stable_one():
    service = FakeService(OLD, broken=[NEW])

    with pytest.raises(DeploymentError, match="pods crash"):
        roll_out(service, NEW, lambda _: None, SETTINGS)

    assert set(service.served) == {OLD}
    assert service.candidate is None


def test_a_model_that_fails_its_trial_never_becomes_the_stable_one():
    service = FakeService(OLD)

    with pytest.raises(ZeroDivisionError):
        roll_out(service, NEW, lambda _: 1 / 0, SETTINGS)

    assert set(service.served) == {OLD}
    assert service.candidate is None


def test_stable_pods_that_fail_later_are_given_the_old_model_back():
    service = FakeService(OLD, stable_breaks=True)

    with pytest.raises(DeploymentError):
        roll_out(service, NEW, lambda _: None, SETTINGS)

    assert service.served[-2:] == [NEW, OLD]


def test_a_trial_that_still_meets_an_old_pod_is_repeated():
    service, asked = FakeService(OLD), []

    def trial(address):
        asked.append(address)
        if address == "stable" and asked.count("stable") < 3:
            raise ValueError("the old model answers")

    roll_out(service, NEW, trial, SETTLING)

    assert asked == ["candidate", "stable", "stable", "stable"]
    assert service.stable == NEW


def test_a_stable_predictor_that_goes_on_failing_its_trial_is_given_the_old_model_back():
    service = FakeService(OLD)

    def trial(address):
        if address == "stable":
            raise ValueError("an answer breaks a rule")

    with pytest.raises(ValueError, match="breaks a rule"):
        roll_out(service, NEW, trial, SETTINGS)

    assert service.served[-2:] == [NEW, OLD]


def test_a_candidate_is_tried_once():
    service, asked = FakeService(OLD), []

    def trial(address):
        asked.append(address)
        raise ValueError("an answer breaks a rule")

    with pytest.raises(ValueError, match="breaks a rule"):
        roll_out(service, NEW, trial, SETTLING)

    assert asked == ["candidate"]


def test_an_interruption_takes_the_candidate_back_too():
    service = FakeService(OLD)

    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        roll_out(service, NEW, interrupted, SETTINGS)

    assert (service.stable, service.candidate) == (OLD, None)


def test_pods_of_the_old_model_are_not_taken_for_those_of_the_new_one():
    class Slow(FakeService):
        def rollout_status(self, candidate=False):  # noqa: ARG002
            return RolloutStatus(OLD, complete=True, message="old pods")

    service = Slow(OLD)

    with pytest.raises(DeploymentError, match="not ready"):
        roll_out(service, NEW, lambda _: None, SETTINGS)

    assert set(service.served) == {OLD}


def test_the_model_before_is_told():
    assert [roll_out(FakeService(before), NEW, lambda _: None, SETTINGS) for before in (OLD, None)] == [OLD, None]


def test_the_first_model_goes_straight_to_the_stable_predictor():
    service, asked = FakeService(None), []

    roll_out(service, NEW, asked.append, SETTINGS)

    assert (service.stable, asked) == (NEW, ["stable"])


def test_a_first_model_that_fails_is_taken_away():
    service = FakeService(None, broken=[NEW])

    with pytest.raises(DeploymentError):
        roll_out(service, NEW, lambda _: None, SETTINGS)

    assert service.stable is None


def test_the_model_that_serves_already_is_only_asked_again():
    service, asked = FakeService(OLD), []

    roll_out(service, OLD, asked.append, SETTINGS)

    assert asked == ["stable"]


class Shaky(FakeService):
    """Its API is away at every ``every``-th question."""

    def __init__(self, *arguments, every=2, **named):
        super().__init__(*arguments, **named)
        self.every, self.asked = every, 0

    def _ask(self):
        self.asked += 1
        if self.asked % self.every == 0:
            raise UnavailableError("The Kubernetes API cannot be reached.")

    def model_uri(self):
        self._ask()
        return super().model_uri()

    def set_models(self, stable, candidate=None):
        self._ask()
        super().set_models(stable, candidate)

    def rollout_status(self, candidate=False):
        self._ask()
        return super().rollout_status(candidate)


@pytest.mark.parametrize("every", [2, 3, 4, 5])
def test_an_api_that_is_away_now_and_then_ends_no_rollout(every):
    service = Shaky(OLD, every=every)

    roll_out(service, NEW, lambda _: None, SETTINGS.model_copy(update={"ready_seconds": 60}))

    assert (service.stable, service.candidate) == (NEW, None)
    assert service.asked >= every


@pytest.mark.parametrize("every", [2, 3, 4])
def test_the_candidate_is_taken_back_though_the_api_is_away_now_and_then(every):
    service = Shaky(OLD, every=every)

    with pytest.raises(ZeroDivisionError):
        roll_out(service, NEW, lambda _: 1 / 0, SETTINGS.model_copy(update={"ready_seconds": 60}))

    assert (service.stable, service.candidate) == (OLD, None)


def test_an_api_that_stays_away_is_waited_for_no_longer_than_the_pods():
    with pytest.raises(UnavailableError):
        roll_out(Shaky(OLD, every=1), NEW, lambda _: None, SETTINGS)


def test_a_wait_that_ends_while_the_api_is_away_says_so():
    class Lost(FakeService):
        def rollout_status(self, candidate=False):  # noqa: ARG002
            raise UnavailableError("The Kubernetes API cannot be reached.")

    service = Lost(OLD)
    with pytest.raises(DeploymentError, match="cannot be reached"):
        roll_out(service, NEW, lambda _: None, SETTINGS)

    assert (service.stable, service.candidate) == (OLD, None)
