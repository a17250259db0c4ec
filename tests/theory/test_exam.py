"""One exam for every mechanism: what a rule of the theory has to declare, and to have tested."""

import ast
import math
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from model.parameters import _ORDER, MECHANISMS, Parameters, catalogue, neutralised
from model.theory.mechanism import SUBJECTS, Mechanism, Parameter
from model.world import tables
from tests import worlds
from tests.theory.records import neutral_params, params

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "model").rglob("*.py"))

every_mechanism = pytest.mark.parametrize("mechanism", catalogue(), ids=lambda m: m.name)
every_parameter = pytest.mark.parametrize(
    ("mechanism", "parameter"),
    [(m, p) for m in catalogue() for p in m.parameters],
    ids=[f"{m.name}.{p.name}" for m in catalogue() for p in m.parameters],
)


def numbers(parameter: Parameter) -> list[float]:
    default = parameter.default
    return list(default) if isinstance(default, tuple) else [default]


def off_by_default(mechanism: Mechanism) -> bool:
    """Whether the defaults are the neutral case, as an idea on trial may have it."""
    return all(
        number == p.neutral
        for p in mechanism.parameters
        if p.neutral is not None
        for number in numbers(p)
    )


def declared() -> set[str]:
    """Names of the theory files that define a MECHANISM."""
    return {
        path.stem
        for path in (ROOT / "model" / "theory").glob("*.py")
        if any(
            isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "MECHANISM"
            for node in ast.parse(path.read_text(encoding="utf-8")).body
        )
    }


def parameters_read(source: str) -> set[tuple[str, str]]:
    """(mechanism, parameter) of every ``params.<mechanism>.<parameter>``, aliases followed."""
    read = set()
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        aliases = {}
        for node in ast.walk(function):
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=alias)],
                    value=ast.Attribute(value=ast.Name(id="params"), attr=name),
                ):
                    aliases[alias] = name
        for node in ast.walk(function):
            match node:
                case ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id="params"), attr=name), attr=parameter
                ):
                    read.add((name, parameter))
                case ast.Attribute(value=ast.Name(id=alias), attr=parameter) if alias in aliases:
                    read.add((aliases[alias], parameter))
    return read


def test_the_catalogue_lists_every_mechanism_once():
    assert declared() == set(MECHANISMS)
    assert len(set(MECHANISMS)) == len(MECHANISMS)
    assert set(_ORDER) <= set(MECHANISMS), "a name in the order has no file"
    keys = [mechanism.key for mechanism in catalogue()]
    assert len(set(keys)) == len(keys)
    assert {key[0] for key in keys} == set(SUBJECTS), "a letter says what a mechanism is about"


@every_mechanism
def test_has_one_name_everywhere(mechanism: Mechanism):
    assert (ROOT / "model" / "theory" / f"{mechanism.name}.py").is_file()
    assert mechanism.name in Parameters.model_fields
    assert mechanism.name in params().dtype.names


@every_mechanism
def test_says_what_it_asks_claims_and_rests_on(mechanism: Mechanism):
    for sentence in (mechanism.question, mechanism.claim, mechanism.equation, mechanism.neutral):
        assert len(sentence) > 5
    assert mechanism.question.endswith("?")
    assert re.search(r"GPR05|MP17|\b\d{4}\b", mechanism.source), "a source has a year"
    for name, value in vars(mechanism).items():
        if isinstance(value, str):
            assert value == value.strip(), name


@every_mechanism
def test_has_a_file_of_tests_with_its_neutral_case(mechanism: Mechanism):
    path = Path(__file__).parent / f"test_{mechanism.name}.py"
    functions = [
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    assert any(name.startswith("test_") and "neutral" in name for name in functions)


@every_mechanism
def test_can_be_neutralised_from_a_scenario(mechanism: Mechanism):
    off = worlds.scenario(worlds.ONE, worlds.neutral(mechanism.name))
    assert off.neutral == (mechanism.name,)
    before, after = params(), neutral_params(mechanism.name)
    assert bool(after[mechanism.name] == before[mechanism.name]) is off_by_default(mechanism)
    for other in MECHANISMS:
        if other != mechanism.name:
            assert after[other] == before[other]


@every_mechanism
def test_neutral_values_pass_the_schema(mechanism: Mechanism):
    off = neutralised(Parameters(), (mechanism.name,))
    assert Parameters.model_validate(off.model_dump()) == off


@every_parameter
def test_default_and_neutral_lie_within_the_range(mechanism: Mechanism, parameter: Parameter):
    assert parameter.low < parameter.high
    for number in numbers(parameter):
        assert parameter.low <= number <= parameter.high
    if parameter.neutral is not None:
        assert parameter.low <= parameter.neutral <= parameter.high
    if parameter.whole:
        assert all(number == int(number) for number in numbers(parameter))


@every_parameter
def test_says_its_unit_meaning_and_reason(mechanism: Mechanism, parameter: Parameter):
    for sentence in (parameter.unit, parameter.meaning, parameter.reason):
        assert sentence.strip()
    assert len(numbers(parameter)) == len(parameter.labels or "1")
    assert all(math.isfinite(number) for number in numbers(parameter))


@cache
def read_by_rules() -> set[tuple[str, str]]:
    return set().union(*(parameters_read(path.read_text(encoding="utf-8")) for path in RULES))


@every_parameter
def test_is_read_by_some_rule(mechanism: Mechanism, parameter: Parameter):
    assert (mechanism.name, parameter.name) in read_by_rules()


def test_rules_read_no_parameter_that_is_not_declared():
    known = {(m.name, p.name) for m in catalogue() for p in m.parameters}
    assert known >= read_by_rules()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(params):\n return params.wages.speed", {("wages", "speed")}),
        ("def f(params):\n p = params.wages\n return p.speed", {("wages", "speed")}),
        ("def f(params, wages):\n return wages.speed", set()),
    ],
)
def test_the_search_for_parameters_sees_what_is_read(source: str, found: set):
    assert parameters_read(source) == found


def test_no_name_of_a_column_or_parameter_is_one_of_numpys_own():
    """Uncompiled, ``params.x.take`` would be NumPy's method; compiled it would be the number."""
    columns = {
        column
        for kind in vars(tables).values()
        if isinstance(kind, np.dtype)
        for column in kind.names or ()
    }
    names = columns | {m.name for m in catalogue()} | {name for _, name in read_by_rules()}
    assert {name for name in names if hasattr(np.record, name)} == set()
