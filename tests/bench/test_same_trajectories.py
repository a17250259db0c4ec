"""The engine and the plain Mesa model, written apart from one theory, agree to the last bit."""

from functools import cache
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.plain_mesa import Country
from bench.same import differences
from bench.worlds import country, sectors
from model.engine.ensemble import Ensemble
from model.parameters import each
from model.scenario.schema import Scenario
from model.theory.board import BOARDS
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world.build import build
from model.world.tables import FORUM

QUARTERS = 16
UNUSED = {"parameters.value_added.scale"}  # for measures alone, which plain Mesa has none of


def advanced(scenario: Scenario, quarters: int, replicate: int = 0) -> Ensemble:
    ensemble = Ensemble(build([scenario], [replicate]), quarters)
    ensemble.advance(quarters)
    return ensemble


def stepped(scenario: Scenario, quarters: int, replicate: int = 0) -> Country:
    country = Country(scenario, replicate)
    for _ in range(quarters):
        country.step()
    return country


def test_the_same_after_every_quarter():
    """Every sector, governance mode and board; fees, quotas, forums, exit and entry."""
    scenario = country(80)
    ensemble = Ensemble(build([scenario], [3]), 40)
    plain = Country(scenario, 3)
    assert differences(plain, ensemble) == []
    for quarter in range(1, 41):
        ensemble.advance(quarter)
        plain.step()
        assert differences(plain, ensemble) == [], f"quarter {quarter}"
    channels = {entry[5] for entry in plain.ledger}
    assert channels >= {"start", "inheritance", "institution", "buyer", "peer", "labour"}
    assert any(institution.fees for institution in plain.institutions)
    assert FORUM in ensemble.world.ties.kind


def test_runs_of_an_ensemble_are_each_their_own_country():
    scenarios = [country(16, seed=5), country(32, seed=5)]
    ensemble = Ensemble(build(scenarios, [0, 1]), QUARTERS)
    ensemble.advance(QUARTERS, workers=2)
    for run, (scenario, replicate) in enumerate(product(scenarios, [0, 1])):
        assert differences(stepped(scenario, QUARTERS, replicate), ensemble, run) == []


SHARE = st.floats(0, 1)
NUMBERS = {key: parameter for key, parameter, _, _ in each()}


@st.composite
def scenarios(draw) -> Scenario:
    """A small country with anything in it, and some numbers of the theory anywhere in range."""
    trades = draw(st.lists(st.sampled_from(sorted(sectors())), min_size=1, max_size=3))
    communities, by_trade = {}, {}
    for n, trade in enumerate(trades):
        by_trade.setdefault(trade, []).append(f"c{n}")
        communities[f"c{n}"] = {
            "sector": trade,
            "firms": draw(st.integers(1, 9)),
            "topology": draw(st.sampled_from(["small_world", "random", "star", "none"])),
            "trust": draw(SHARE),
            "backward": draw(SHARE),
            "labour_mobility": draw(SHARE),
            "market_access": draw(SHARE),
            "associated": draw(SHARE),
        }
    where = st.sampled_from(list(by_trade.values()))
    modes = st.tuples(st.sampled_from(GOVERNANCE), st.sampled_from(REACH), where)
    chains = {
        f"chain_{n}": {
            "governance": governance,
            "reach": reach,
            "communities": reached,
            "orders": draw(SHARE),
            "entry_standard": draw(st.none() | st.floats(0, 0.3)),
        }
        for n, (governance, reach, reached) in enumerate(draw(st.lists(modes, max_size=5)))
    }
    designs = st.tuples(st.sampled_from(BOARDS), where)
    institutions = {
        f"centre_{n}": {
            "board": board,
            "reach": reached,
            "budget": draw(st.floats(0, 1)),
            "forums": draw(SHARE),
            "experiential": draw(SHARE),
            "access": {
                "inclusive": draw(st.booleans()),
                "fee": draw(st.floats(0, 0.5)),
                "minimum_capability": draw(st.floats(0, 0.3)),
                "quota": draw(SHARE),
            },
        }
        for n, (board, reached) in enumerate(draw(st.lists(designs, max_size=3)))
    }
    scenario = Scenario.model_validate(
        {
            "title": "anything",
            "run": {"seed": draw(st.integers(0, 2**32))},
            "sectors": {trade: sectors()[trade] for trade in by_trade},
            "communities": communities,
            "chains": chains,
            "institutions": institutions,
            "across": {"ties": draw(st.floats(0, 3))},
        }
    )
    for key in draw(st.lists(st.sampled_from(sorted(NUMBERS)), max_size=8)):
        low, high = NUMBERS[key].low, NUMBERS[key].high
        whole = NUMBERS[key].whole
        number = draw(st.integers(low, high) if whole else st.floats(low, high))
        scenario = with_number(scenario, key, number)
    return scenario


def with_number(scenario: Scenario, key: str, number: float) -> Scenario:
    data = scenario.model_dump()
    *path, name = key.split(".")
    table = data
    for part in path:
        table = table[part]
    table[name] = number
    return Scenario.model_validate(data)


@settings(max_examples=50)
@given(scenarios())
@example(country(24, seed=9))
def test_the_same_in_any_country(scenario: Scenario):
    assert differences(stepped(scenario, 8), advanced(scenario, 8)) == []


def busy(seed: int) -> Scenario:
    """A small country in which every mechanism has something to do within four years."""
    data = country(48, seed).model_dump()
    for sector in data["sectors"].values():
        sector["start"] |= {"process": 0.6, "product": 0.6, "functional": 1.0}
    for community in data["communities"].values():
        community |= {"market_access": 0.9, "backward": 0.9, "local_inputs": 1.0}
        community |= {"labour_mobility": 1.0, "repertoire": 1.0}
    for chain in data["chains"].values():
        chain |= {"orders": 0.6, "entry_standard": 0.3}
    for institution in data["institutions"].values():
        institution |= {"budget": 1.0, "forums": 0.5, "experiential": 0.9}
        institution["access"]["quota"] = 1.0
    data["parameters"]["access"]["take_up"] = 0.9
    data["parameters"]["resources"] |= {"overhead": 0.8, "patience": 2, "entry": 0.3, "cap": 1.2}
    data["parameters"]["unlearning"]["forget"] = 0.7
    data["parameters"]["selection"]["patience"] = 0.0
    data["parameters"]["guarding"]["encroachment"] = 0.4
    return Scenario.model_validate(data)


@cache
def reference(seed: int) -> Ensemble:
    return advanced(busy(seed), QUARTERS)


def test_another_seed_differs():
    assert differences(stepped(busy(1), QUARTERS), reference(1)) == []
    assert differences(stepped(busy(2), QUARTERS), reference(1))
    assert differences(stepped(busy(1), QUARTERS, replicate=1), reference(1))


@pytest.mark.parametrize("key", sorted(NUMBERS.keys() - UNUSED))
def test_any_number_changed_in_one_of_them_shows(key: str):
    """No agreement by chance: each number of the theory is read by both and moves something."""
    value = busy(1).model_dump()
    for part in key.split("."):
        value = value[part]
    low, high = NUMBERS[key].low, NUMBERS[key].high
    number = low if value - low > high - value else high

    def shows(seed: int) -> bool:
        changed = with_number(busy(seed), key, number)
        return bool(differences(stepped(changed, QUARTERS), reference(seed)))

    assert any(shows(seed) for seed in (1, 2, 3))
