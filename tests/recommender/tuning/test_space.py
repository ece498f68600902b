import pytest

from recommender.config.model import FamilySettings, RankerSettings
from recommender.tuning import space
from recommender.tuning.fitted_models import OWN
from settings.config import Config

NAMES = ["followed_by", "ease", "content"]


class Fixed:
    """Draws given values, which must lie in the ranges asked for."""

    def __init__(self, values):
        self.values = values

    def suggest_float(self, name, low, high, **_):
        return self._value(name, low, high)

    def suggest_int(self, name, low, high, **_):
        return self._value(name, low, high)

    def suggest_categorical(self, name, choices):
        assert self.values[name] in choices
        return self.values[name]

    def _value(self, name, low, high):
        assert low <= self.values[name] <= high
        return self.values[name]


def drawn(**values):
    others = {"step_decay": 0.9, "ease_regularisation": 100.0, "neighbours": 300, "decay": 0.7}
    return Fixed(others | values)


def test_a_weight_is_the_square_of_what_is_drawn_and_0_below_0():
    choice = space.suggest_blend(drawn(followed_by=0.5, ease=-0.2, content=1.0), NAMES, dated=True)
    assert (choice["followed_by"], choice["ease"], choice["content"]) == (0.25, 0.0, 1.0)


def test_without_dates_all_purchases_weigh_the_same():
    undated = drawn(ease=1.0)
    del undated.values["decay"]
    assert "decay" not in space.suggest_blend(undated, ["ease"], dated=False)
    assert space.suggest_blend(drawn(ease=1.0, decay=0.55), ["ease"], dated=True)["decay"] == 0.55


def test_only_parameters_of_the_families_there_are_are_drawn():
    choice = space.suggest_blend(drawn(followed_by=1.0), ["followed_by"], dated=True)
    assert choice == {"followed_by": 1.0, "step_decay": 0.9, "decay": 0.7}


def test_alone_every_other_family_is_left_out():
    settings = FamilySettings().model_copy(update=space.suggest_single_model(drawn(), "ease", dated=True))
    assert {name for name in OWN if getattr(settings, name) > 0} == {"ease"}


@pytest.mark.parametrize("dated", [True, False])
def test_a_search_can_begin_with_the_settings_there_are(dated):
    present = Config().model.families
    choice = space.suggest_blend(Fixed(space.blend_parameters(present, list(OWN), dated)), list(OWN), dated)
    same = [name for name in choice if name != "decay" or dated]
    assert {name: choice[name] for name in same} == pytest.approx({name: getattr(present, name) for name in same})


def test_large_weights_are_scaled_so_that_their_proportion_stays():
    found = space.blend_parameters(FamilySettings(ease=4.0, content=1.0), ["ease", "content"], dated=False)
    choice = space.suggest_blend(Fixed(found), ["ease", "content"], dated=False)
    assert (choice["ease"], choice["content"]) == (1.0, 0.25)


def test_a_search_can_begin_with_the_re_ranker_there_is():
    present = RankerSettings()
    choice = space.suggest_ranker(Fixed(space.ranker_parameters(present)))
    assert present.model_copy(update=choice) == present


def test_what_lies_outside_the_ranges_is_brought_in():
    space.suggest_ranker(
        Fixed(space.ranker_parameters(RankerSettings(leaves=2, levels=9, learning_rate=1.0, truncation=1)))
    )


def test_every_family_of_the_configuration_is_searched():
    weights = {name for name, field in FamilySettings.model_fields.items() if "weight of" in (field.description or "")}
    assert weights - {"step_decay", "decay"} == set(OWN)
