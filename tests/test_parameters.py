"""The parameters that the theory declares, as sections of a scenario and as rows for the engine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model.parameters import (
    INSTRUMENTS,
    MECHANISMS,
    Parameters,
    as_row,
    catalogue,
    dtype,
    each,
    kinds_in_order,
    neutralised,
)
from model.theory.mechanism import InstrumentKind, Mechanism
from model.world.tables import table

ALL = list(each())


def row(parameters: Parameters) -> np.record:
    found = table(dtype(), 1)
    found[0] = as_row(parameters)
    return found[0]


def of(parameters: Parameters, key: str) -> float:
    """The number at a TOML key such as ``parameters.wages.speed``."""
    found = parameters
    for name in key.split(".")[1:]:
        found = getattr(found, name)
    return found


def in_row(found: np.record, key: str) -> float:
    """The number of the same key in a row, where the labels of a table are positions."""
    _, mechanism, parameter, *label = key.split(".")
    value = found[mechanism][parameter]
    if not label:
        return float(value)
    labels = {p.name: p.labels for m in catalogue() if m.name == mechanism for p in m.parameters}
    return float(value[labels[parameter].index(label[0])])


def given_key(key: str, number: float) -> dict:
    """A table that sets one number, as a scenario file would."""
    data = number
    for name in reversed(key.split(".")[1:]):
        data = {name: data}
    return data


def test_every_number_of_the_theory_is_listed_once():
    keys = [key for key, *_ in ALL]
    assert len(set(keys)) == len(keys)
    size = sum(np.size(row(Parameters())[m][p]) for m in MECHANISMS for p in dtype()[m].names)
    assert len(keys) == size


@pytest.mark.parametrize(("key", "default"), [(key, d) for key, _, _, d in ALL])
def test_the_default_is_the_declared_one_in_scenario_and_row(key, default):
    assert of(Parameters(), key) == default
    assert in_row(row(Parameters()), key) == default


@pytest.mark.parametrize("key", [key for key, *_ in ALL])
def test_a_number_that_is_set_reaches_its_place_in_the_row_and_no_other(key):
    declared = {k: p for k, p, *_ in ALL}[key]
    number = declared.low if of(Parameters(), key) != declared.low else declared.high
    chosen = row(Parameters.model_validate(given_key(key, number)))
    for other, *_ in ALL:
        expected = number if other == key else of(Parameters(), other)
        assert in_row(chosen, other) == expected


@pytest.mark.parametrize(("key", "parameter"), [(key, p) for key, p, *_ in ALL])
def test_numbers_out_of_range_are_refused_and_both_ends_let_in(key, parameter):
    for number in (parameter.low, parameter.high):
        assert of(Parameters.model_validate(given_key(key, number)), key) == number
    for number in (parameter.low - 1, parameter.high + 1, float("nan"), float("inf")):
        with pytest.raises(ValidationError):
            Parameters.model_validate(given_key(key, number))


@pytest.mark.parametrize(
    "data",
    [{"wags": {}}, {"wages": {"sped": 0.1}}, {"attention": {"weight": {"design": 1}}}],
    ids=["mechanism", "parameter", "label"],
)
def test_unknown_names_are_refused(data):
    with pytest.raises(ValidationError, match="Extra inputs"):
        Parameters.model_validate(data)


def test_counts_are_whole_numbers():
    assert Parameters.model_validate({"absorption": {"step": 5}}).absorption.step == 5
    with pytest.raises(ValidationError, match="integer"):
        Parameters.model_validate({"absorption": {"step": 5.5}})


def test_parameters_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        Parameters().wages.speed = 1


@given(st.sets(st.sampled_from(MECHANISMS)))
def test_neutralising_sets_the_named_mechanisms_and_leaves_the_rest(names):
    off = neutralised(Parameters(), tuple(names))
    for key, parameter, _, default in ALL:
        neutral = key.split(".")[1] in names and parameter.neutral is not None
        assert of(off, key) == (parameter.neutral if neutral else default)


@given(st.sets(st.sampled_from(MECHANISMS)), st.sets(st.sampled_from(MECHANISMS)))
def test_neutralising_twice_or_in_another_order_is_the_same(some, others):
    both = neutralised(Parameters(), tuple(some | others))
    assert neutralised(neutralised(Parameters(), tuple(some)), tuple(others)) == both
    assert neutralised(neutralised(Parameters(), tuple(others)), tuple(some)) == both


def test_neutralising_overrides_what_a_scenario_sets():
    fast = Parameters.model_validate({"wages": {"speed": 0.9}})
    assert neutralised(fast, ("wages",)).wages.speed == 0
    assert neutralised(fast, ("access",)).wages.speed == 0.9


def test_the_schema_tells_unit_meaning_and_reason_of_every_number():
    schema = Parameters.model_json_schema()
    told = [
        field
        for definition in schema["$defs"].values()
        for field in definition["properties"].values()
        if field.get("type") in ("number", "integer")
    ]
    assert len(told) == len(ALL)
    for field in told:
        assert field["unit"]
        assert field["description"]
        assert field["reason"]
        assert field["minimum"] <= field["default"] <= field["maximum"]


def test_kinds_of_instruments_keep_their_numbers():
    """A newer kind comes after these: what they are called in tables and series stays what it was."""
    shipped = ("grants", "supplier_development", "export_promotion", "consortium")
    assert INSTRUMENTS[: len(shipped)] == shipped
    assert len(set(INSTRUMENTS)) == len(INSTRUMENTS)


def declaring(*numbers: int) -> list[Mechanism]:
    """Mechanisms in no order, each of which declares a kind with one of the numbers."""
    some = next(m for m in catalogue() if m.instrument is None)
    kinds = [replace(some, name=f"m{n}", instrument=InstrumentKind(f"k{n}", n)) for n in numbers]
    return [some, *reversed(kinds)]


def test_kinds_stand_at_their_numbers_whatever_the_order_of_files():
    assert [kind.name for kind in kinds_in_order(declaring(2, 0, 1))] == ["k0", "k1", "k2"]


@pytest.mark.parametrize(("numbers", "named"), [((0, 1, 1), "m1"), ((0, 2), "m2"), ((1,), "m1")])
def test_a_number_twice_or_left_out_is_refused_by_file(numbers, named):
    with pytest.raises(ValueError, match=f"^model/theory/{named}.py: instrument number"):
        kinds_in_order(declaring(*numbers))
