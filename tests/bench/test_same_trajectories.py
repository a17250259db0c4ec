"""The engine and the plain Mesa model, written apart from one theory, agree to the last bit."""

from collections.abc import Callable
from functools import cache
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.plain_institutions import BridgingInstitution
from bench.plain_mesa import Country
from bench.same import differences
from bench.worlds import CHANGED, country, sectors
from model.engine.ensemble import Ensemble
from model.parameters import INSTRUMENT_KINDS, INSTRUMENTS, each
from model.scenario.schema import Scenario
from model.theory.access import PARTICIPANTS
from model.theory.board import PARTIES, VOTES
from model.theory.interaction import CHANNELS
from model.theory.ownership import OWNERSHIP
from model.theory.practices import DIMENSIONS
from model.theory.services import SERVICES
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world.build import build
from model.world.tables import FORUM

QUARTERS = 16
UNUSED = {
    "parameters.value_added.scale",  # for measures alone, which plain Mesa has none of
}


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
    """Every sector, governance mode, board and instrument; fees, quotas, forums, exit and entry."""
    scenario = country(80)
    ensemble = Ensemble(build([scenario], [3]), 40)
    plain = Country(scenario, 3)
    assert differences(plain, ensemble) == []
    for quarter in range(1, 41):
        ensemble.advance(quarter)
        plain.step()
        assert differences(plain, ensemble) == [], f"quarter {quarter}"
    channels = {entry[5] for entry in plain.ledger}
    assert channels == set(CHANNELS)
    assert any(institution.fees for institution in plain.institutions)
    assert FORUM in ensemble.world.ties.kind


def with_room(seed: int = 1) -> Scenario:
    """The busy country, growing: with places for half as many firms again, and markets at home that grow."""
    data = busy(seed).model_dump()
    for sector in data["sectors"].values():
        sector["home_growth"] = 0.1
    for community in data["communities"].values():
        community["room"] = 3
    return Scenario.model_validate(data)


def test_the_same_where_more_firms_come_than_there_were():
    scenario = with_room()
    ensemble = Ensemble(build([scenario], [0]), QUARTERS)
    plain = Country(scenario)
    start = len(plain.smes)
    most = start
    for quarter in range(1, QUARTERS + 1):
        ensemble.advance(quarter)
        plain.step()
        assert differences(plain, ensemble) == [], f"quarter {quarter}"
        most = max(most, len(plain.smes))
    assert most > start


@pytest.mark.parametrize("participants", PARTICIPANTS)
def test_the_same_where_some_firms_are_taken_abroad(participants: str):
    """Owners who lose heart and find it again: some who were taken stay at home, and others come."""
    data = busy(2).model_dump()
    data["instruments"]["export_promotion"] |= {
        "participants": participants,
        "quota": 0.5,
        "budget": 1.5,
    }
    data["parameters"]["road"] |= {"hope": 0.0, "confidence": 0.05}
    scenario = Scenario.model_validate(data)
    ensemble = Ensemble(build([scenario], [0]), QUARTERS)
    plain = Country(scenario)
    taken = set()
    for quarter in range(1, QUARTERS + 1):
        ensemble.advance(quarter)
        plain.step()
        assert differences(plain, ensemble) == [], f"quarter {quarter}"
        taken |= {sme.promoted for sme in plain.smes}
    assert taken == {0, 1}


def test_every_mechanism_is_at_work(monkeypatch: pytest.MonkeyPatch):
    """In the busy country all that a quarter can do is done, and is the same in both."""
    scenario = busy(1)
    ensemble = Ensemble(build([scenario], [0]), QUARTERS)
    plain = Country(scenario)
    seen = set()

    def note(kind: type, method: str, what: Callable) -> None:
        """Note what a method of the plain model is called for."""
        own = getattr(kind, method)

        def noting(*given):
            seen.add(what(*given))
            return own(*given)

        monkeypatch.setattr(kind, method, noting)

    note(BridgingInstitution, "hold", lambda _, service, *rest: service)
    note(BridgingInstitution, "lets_in", lambda institution, sme: institution.chooses)
    start = {chain: chain.governance for chain in plain.chains}
    for quarter in range(1, QUARTERS + 1):
        ensemble.advance(quarter)
        plain.step()
        assert differences(plain, ensemble) == [], f"quarter {quarter}"
        seen |= {sme.owner.kind for sme in plain.smes}
        seen |= {"low road" for sme in plain.smes if not sme.high_road}
        seen |= {"certified" for sme in plain.smes if sme.certified}
        seen |= {"two chains" for sme in plain.smes if len(sme.buyers()) == 2}
        seen |= {"vacancy" for place in plain.places if place.sme is None}
        seen |= {"entrant" for sme in plain.smes if sme.born}
        seen |= {f"pressed {sme.pressed}" for sme in plain.smes}
        seen |= {"idle hands" for sme in plain.smes if sme.in_use < 1}
        seen |= {f"{chain.governance} chain" for chain in plain.chains if chain.suppliers()}
        seen |= {"governance moved" for chain in start if chain.governance != start[chain]}
        seen |= {"favourites" for chain in plain.chains if chain.favoured_from}
        seen |= {"fewer orders" for chain in plain.chains if chain.amount < 0.9 * chain.ordered}
        for helped in (*plain.communities, *plain.chains):
            seen |= {f"{kind} left something" for kind, left in helped.aid.items() if left}
        seen |= {"imports" for each in plain.sectors if each.imports > each.imports_start}
        seen |= {"a debt" for *_, tie in plain.graph.edges(data=True) if tie["owed"]}
        seen |= {"joined" for each in plain.staffed() if each.contributors > 1}
        seen |= {"shut" for each in plain.staffed() if not each.is_open() and each.repository[0]}
        seen |= {instrument.kind for instrument in plain.instruments if instrument.spent}
    assert seen == {
        "low road", "certified", "two chains", "vacancy", "entrant", "idle hands",
        "governance moved", "favourites", "fewer orders", "imports",
        "a debt", "joined", "shut", "pressed 0.0", "pressed 0.5", "pressed 1.0",
        *(f"{mode} chain" for mode in GOVERNANCE), *SERVICES, *PARTICIPANTS, *OWNERSHIP,
        *(kind.number for kind in INSTRUMENT_KINDS),
        *(f"{kind.name} left something" for kind in INSTRUMENT_KINDS if kind.leaves),
    }  # fmt: skip
    channels = {entry[5] for entry in plain.ledger}
    assert channels == set(CHANNELS)


def test_the_same_with_more_communities_than_a_number_has_bits():
    scenario = country(3 * 72, quarters=QUARTERS, apiece=18)
    ensemble = advanced(scenario, QUARTERS)
    assert differences(stepped(scenario, QUARTERS), ensemble) == []
    (names,) = ensemble.world.names
    beyond = ensemble.world.firms[ensemble.world.firms.community >= 64]
    assert {names.institutions[row] for firm in beyond for row in names.memberships(firm)} & {
        f"association_{community}" for community in names.communities[64:]
    }
    assert (ensemble.world.institutions.contributors > 1).any()


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
    """A small country with anything in it, and some numbers of the theory anywhere in range.

    Whatever a timetable may change changes at some time, of some chain, community, institution.
    """
    trades = draw(st.lists(st.sampled_from(sorted(sectors())), min_size=1, max_size=3))
    communities, by_trade = {}, {}
    for n, trade in enumerate(trades):
        by_trade.setdefault(trade, []).append(f"c{n}")
        communities[f"c{n}"] = {
            "sector": trade,
            "firms": draw(st.integers(1, 9)),
            "room": draw(st.sampled_from([0, 0, 1, 4])),
            "topology": draw(st.sampled_from(["small_world", "random", "star", "none"])),
            "trust": draw(SHARE),
            "backward": draw(SHARE),
            "labour_mobility": draw(SHARE),
            "market_access": draw(SHARE),
            "associated": draw(SHARE),
            "foreign": draw(SHARE),
            "local_machines": draw(SHARE),
            "purchases": draw(SHARE),
            "large": {"firms": draw(st.integers(0, 2)), "foreign": draw(SHARE), "workers": 60.0},
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
            "outside": draw(st.none() | SHARE),
            "price": draw(st.floats(0.5, 2)),
            "asks": {"process": draw(st.floats(0, 0.3)), "product": draw(st.floats(0, 0.3))},
            "particular": draw(SHARE),
            "demand_growth": draw(st.floats(-0.5, 0.5)),
            "outside_rise": draw(st.floats(-0.5, 0.5)),
        }
        for n, (governance, reach, reached) in enumerate(draw(st.lists(modes, max_size=5)))
    }
    for n, (name, chain) in enumerate(chains.items()):
        chain["follows"] = draw(st.sampled_from([None, *list(chains)[:n]]))
        communities[chain["communities"][0]]["large"]["plants"] = {name: draw(st.integers(0, 1))}
    seats = st.tuples(*[st.integers(0, 3)] * len(PARTIES)).filter(any)
    designs = st.tuples(seats, st.sampled_from(VOTES), where)
    institutions = {
        f"centre_{n}": {
            "board": dict(zip(PARTIES, seats, strict=True))
            | {"vote": vote, "joint_investment": 0.5},
            "certifies": draw(st.floats(0, 0.3)),
            "reach": reached,
            "home": draw(st.none() | st.sampled_from(reached)),
            "budget": draw(st.floats(0, 4)),
            "donor": draw(st.sampled_from([0.0, 1.0])),
            "services": {service: draw(SHARE) for service in SERVICES},
            "hour_price": draw(st.floats(0.01, 0.1)),
            "expertise": draw(SHARE),
            "opens": draw(st.integers(0, 4)),
            "closes": draw(st.integers(3, 12)),
            "experiential": draw(SHARE),
            "access": {
                "participants": draw(st.sampled_from(PARTICIPANTS)),
                "take_up": draw(st.floats(0, 3)),
                "inclusive": draw(st.booleans()),
                "fee": draw(st.floats(0, 0.5)),
                "minimum_capability": draw(st.floats(0, 0.3)),
                "quota": draw(SHARE),
                "levy": draw(st.floats(0, 0.3)),
                "largest": draw(st.floats(1, 100)),
                "chains": [
                    name
                    for name, chain in chains.items()
                    if chain["communities"] == reached and draw(st.booleans())
                ],
            },
        }
        for n, (seats, vote, reached) in enumerate(draw(st.lists(designs, max_size=3)))
    }
    instruments = {
        f"programme_{n}": {
            "kind": kind.name,
            "communities": draw(where),
            "budget": draw(st.floats(0, 2)),
            "last": draw(st.integers(0, QUARTERS)),
        }
        | (
            {"participants": draw(st.sampled_from(PARTICIPANTS)), "quota": draw(SHARE)}
            if kind.chooses or kind.aims
            else {}
        )
        for n, kind in enumerate(draw(st.lists(st.sampled_from(INSTRUMENT_KINDS), max_size=5)))
    }
    named = {"chains": chains, "communities": communities, "institutions": institutions}
    timetable = {
        f"change_{n}": {
            "tick": draw(st.integers(0, 6)),
            table: {draw(st.sampled_from(list(named[table]))): CHANGED[table]},
        }
        for n, table in enumerate(draw(st.lists(st.sampled_from(list(named)), max_size=4)))
        if named[table]
    }
    if draw(st.booleans()):
        rate = draw(st.floats(0.1, 10))
        timetable["devaluation"] = {
            "tick": draw(st.integers(0, 6)),
            "economy": {"exchange_rate": rate},
        }
    scenario = Scenario.model_validate(
        {
            "title": "anything",
            "run": {"seed": draw(st.integers(0, 2**32))},
            "sectors": {
                trade: sectors()[trade]
                | {"pace": draw(st.floats(0, 10)), "imports": draw(st.floats(0, 0.9))}
                | {"rivals": draw(SHARE), "rivals_rise": draw(st.floats(-0.5, 0.5))}
                | {"home_growth": draw(st.sampled_from([0.0, 0.2, -0.2]))}
                for trade in by_trade
            },
            "communities": communities,
            "chains": chains,
            "institutions": institutions,
            "instruments": instruments,
            "timetable": timetable,
            "across": {"ties": draw(st.floats(0, 3))},
            "economy": {"exchange_rate": draw(st.sampled_from([1.0, 0.7, 1.6]))},
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
        sector |= {"pace": 3.0, "rivals": 0.5}
    for community in data["communities"].values():
        community |= {"market_access": 0.5, "backward": 0.9, "local_inputs": 1.0, "trust": 0.8}
        community |= {"labour_mobility": 1.0, "repertoire": 1.0, "foreign": 0.3}
    for n, (name, chain) in enumerate(data["chains"].items()):
        chain |= {"orders": 0.6, "entry_standard": 0.25, "outside": (None, 0.1, 0.4)[n % 3]}
        chain |= {"demand_growth": (0.1, -0.4)[n % 2]}
        data["communities"][chain["communities"][0]]["large"] |= {"firms": 1, "plants": {name: 1}}
    for n, institution in enumerate(data["institutions"].values()):
        institution |= {"budget": 8.0, "experiential": 0.9, "certifies": 0.25}
        institution |= {"opens": 4 * (n % 2), "closes": 8 + 4 * n}
        institution["services"] = dict.fromkeys(SERVICES, 1.0)
        institution["access"] |= {"quota": 0.8, "take_up": 3.0}
    for instrument in data["instruments"].values():
        instrument |= {"budget": 1.0, "first": 0}
    data["across"]["ties"] = 3.0
    numbers = data["parameters"]
    numbers["resources"] |= {"overhead": 0.8, "patience": 2, "entry": 0.3, "cap": 1.2}
    numbers["unlearning"]["forget"] = dict.fromkeys(DIMENSIONS, 0.03)
    numbers["selection"]["patience"] = 0.0
    numbers["guarding"]["encroachment"] = 0.4
    numbers["recombination"] |= {"firm": 0.5, "adaptation": 0.8}
    mature = 0.27 + 0.04 * seed  # in some of these countries governance moves, in one it moves back
    numbers["governance_shift"] |= {"shift": 0.9, "maturity": mature, "functions": 1.0}
    numbers["governance_shift"] |= {"codified": 0.6, "relapse": 0.005}
    numbers["road"] |= {"comfort": 1.0, "cost": 0.3}
    numbers["outside_options"] |= {"footloose": 8.0, "most": 1.5}
    numbers["support"]["first_stage"] = 1
    numbers["services"]["most"] = 3
    numbers["services"]["lessons"]["test"] = 1
    numbers["grants"] |= {"grant": 0.3, "visits": 3}
    return Scenario.model_validate(data)


@cache
def reference(seed: int, quarters: int) -> Ensemble:
    return advanced(busy(seed), quarters)


def parts(scenario: Scenario, seed: int, replicate: int = 0) -> bool:
    """Whether a plain run of a scenario is another one at some time than the engine's of a seed."""
    plain, done = Country(scenario, replicate), 0
    for quarters in (2, 4, 6, 8, 12, QUARTERS):  # most part early, and need not go on to the end
        for _ in range(done, quarters):
            plain.step()
        done = quarters
        if differences(plain, reference(seed, quarters)):
            return True
    return False


def test_another_seed_differs():
    assert not parts(busy(1), 1)
    assert parts(busy(2), 1)
    assert parts(busy(1), 1, replicate=1)


@pytest.mark.parametrize("key", sorted(NUMBERS.keys() - UNUSED))
def test_any_number_changed_in_one_of_them_shows(key: str):
    """No agreement by chance: each number of the theory is read by both and moves something."""
    value = busy(1).model_dump()
    for part in key.split("."):
        value = value[part]
    low, high = NUMBERS[key].low, NUMBERS[key].high
    number = low if value - low > high - value else high

    assert any(parts(with_number(busy(seed), key, number), seed) for seed in range(1, 9))


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_an_instrument_without_money_in_one_of_them_shows(kind: str):
    assert parts(with_number(busy(1), f"instruments.{kind}.budget", 0.0), 1)


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table in CHANGED for column in CHANGED[table]]
)
def test_a_change_left_out_in_one_of_them_shows(table: str, column: str):
    """Each column on the timetable, by itself, without telling the plain model."""
    data = busy(1).model_dump()
    for target in data["timetable"][f"change_{table}"][table].values():
        target[column] = None
    assert parts(Scenario.model_validate(data), 1)


def test_a_tier_left_out_in_one_of_them_shows():
    data = busy(1).model_dump()
    assert [chain["follows"] for chain in data["chains"].values()].count(None) == len(GOVERNANCE)
    for chain in data["chains"].values():
        chain["follows"] = None
    assert parts(Scenario.model_validate(data), 1)


def test_a_devaluation_left_out_in_one_of_them_shows():
    data = busy(1).model_dump()
    del data["timetable"]["devaluation"]
    assert parts(Scenario.model_validate(data), 1)
