"""What is given from Python is checked like what files say."""

import numpy as np
import pytest

from model import UpgradingModel, compare, load, simulate
from model.scenario.faults import InputError

WORLD = "scenarios/worlds/four_wine_regions.toml"


def test_values_by_key_make_a_validated_scenario():
    world = load(WORLD)
    assert world.with_values({}) == world
    changed = world.with_values({"across.ties": np.float64(0.3), "run.seed": np.int64(7)})
    assert (changed.across.ties, changed.run.seed) == (0.3, 7)
    assert world.across.ties != 0.3


@pytest.mark.parametrize(
    "values",
    [{"across.tise": 0.3}, {"run.seed": 1.5}, {"a[": 1}, {"run": object()}, {"across.ties": -1.0}],
)
def test_bad_values_by_key_are_one_line(values):
    with pytest.raises(InputError) as error:
        load(WORLD).with_values(values)
    assert len(str(error.value).splitlines()) == 1


def test_a_copy_with_a_misspelt_field_is_refused():
    with pytest.raises(TypeError, match="did you mean seed"):
        load(WORLD).run.model_copy(update={"sede": 2})


@pytest.mark.parametrize("wrong", [{"seed": 1.5}, {"seed": -1}, {"replicates": 0}, {"workers": 0}])
def test_wrong_numbers_are_refused_before_anything_runs(wrong):
    (name,) = wrong
    for call, what in (
        (simulate, load(WORLD)),
        (compare, "scenarios/experiments/institutions.toml"),
    ):
        with pytest.raises((TypeError, ValueError), match=f"{name} = "):
            call(what, **wrong)


def test_what_is_no_world_is_refused():
    for call in (simulate, UpgradingModel):
        with pytest.raises(TypeError, match="give a Scenario or the path"):
            call(5)
