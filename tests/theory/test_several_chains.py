"""G4 Several chains."""

import pytest

from model.theory.practices import FUNCTIONAL
from model.theory.several_chains import most_contracts
from tests.theory.records import neutral_params, params
from tests.worlds import (
    EVERYTHING,
    MODES,
    NO_TURNOVER,
    ONE,
    by_dimension,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

EAGER = {
    "communities": {"here": {"market_access": 1.0}},
    "chains": {
        name: {"governance": mode, "orders": 1.0, "entry_standard": 0.0}
        for name, mode in (("leader", "quasi_hierarchy"), ("traders", "market"))
    },
}
ALONE = {
    "communities": {"here": {"market_access": 1.0}},
    "chains": {"leader": EAGER["chains"]["leader"]},
}


def contracts(ensemble):
    return (ensemble.world.firms.contract >= 0).sum(axis=1)


def test_neutral_a_firm_holds_one_contract():
    assert most_contracts(neutral_params("several_chains")) == 1


def test_neutral_in_a_world_nobody_supplies_two_chains():
    assert contracts(live(scenario(*EVERYTHING, neutral("several_chains")), 8)).max() == 1
    assert contracts(live(scenario(ONE, MODES), 8)).max() == 2


def test_neutral_equals_a_world_with_one_chain():
    several, one = (live(scenario(ONE, ALONE, *x), 8) for x in ((), (neutral("several_chains"),)))
    assert history(several) == history(one)


@pytest.mark.parametrize("most", [1, 2])
def test_firms_that_all_want_supply_as_many_chains_as_allowed(most):
    end = live(scenario(ONE, EAGER, parameters(several_chains={"most": most})), 1)
    assert (contracts(end) == most).all()
    assert most_contracts(params(several_chains={"most": most})) == most


def test_nobody_holds_two_contracts_with_one_buyer():
    firms = live(scenario(ONE, ALONE, NO_TURNOVER), 8).world.firms
    assert (firms.contract[:, 0] == 0).all()
    assert (firms.contract[:, 1] == -1).all()


def test_a_second_outlet_frees_from_the_guard_of_the_first():
    """GPR05 section 5c i: functional upgrading comes from what is learned for other chains."""
    free = {
        "sectors": {
            "trade": {
                "tacitness": by_dimension(0.0),
                "holds": {d: {"engineering": 1.0} for d in by_dimension(0)},
                "start": by_dimension(0.8),
            }
        }
    }
    wholly = parameters(guarding={"deterrence": 1, "punishment": 0}, road={"neglect": 0})

    def designed(most):
        layers = (EAGER, free, wholly, parameters(several_chains={"most": most}))
        ledger = live(scenario(ONE, NO_TURNOVER, *layers), 12).ledger
        return (ledger["dimension"] == FUNCTIONAL).sum()

    assert designed(2) > designed(1)
