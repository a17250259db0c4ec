"""What begins with a run, what ends with a body, and what a firm leaves to the next in its place."""

import numpy as np

from bench.worlds import country
from model.engine.ensemble import Ensemble
from model.scenario.schema import Scenario
from model.theory.demand import order_kept, too_small
from model.theory.interaction import OVERTAKEN
from model.world.build import build
from model.world.tables import NOBODY

CLOSES = 6  # in the middle of a year


def club(**institution: object) -> Ensemble:
    """A country with one body that takes a fee of all who will join, and needs no other money."""
    data = country(320, quarters=12).model_dump()
    data["institutions"] = {
        "club": {"reach": ["traditional_1"], "access": {"fee": 0.01, "take_up": 100.0}}
        | {"closes": CLOSES}
        | institution
    }
    data["timetable"], data["parameters"]["access"]["means"] = {}, 0.0
    return Ensemble(build([Scenario.model_validate(data)], [0]), 12)


def test_a_change_in_the_first_quarter_is_how_the_world_is():
    """Whatever room the ledger has, so that the quarter may be begun twice."""
    given, changed = (country(80, quarters=4).model_dump() for _ in range(2))
    given["chains"]["market_domestic"]["orders"] = 0.6
    given["timetable"] = {}
    now = {"tick": 0, "chains": {"market_domestic": {"orders": 0.6}}}
    changed["timetable"] = {"now": now}
    lives = [Ensemble(build([Scenario.model_validate(data)], [0]), 4) for data in (given, changed)]
    for quarter in (1, 4):
        for each in lives:
            each.advance(quarter)
        for table in ("chains", "firms"):
            one, other = (getattr(each.world, table) for each in lives)
            assert all((one[column] == other[column]).all() for column in one.dtype.names), table


def test_a_body_takes_fees_until_the_day_it_closes_and_keeps_its_members_until_the_year_turns():
    ensemble, fees, members = club(), [], []
    for quarter in range(1, 10):
        ensemble.advance(quarter)
        fees.append(float(ensemble.world.institutions.fees[0]))
        members.append(int((ensemble.world.firms.members & 1).sum()))
    assert all(fees[:CLOSES])
    assert not any(fees[CLOSES:])
    assert all(members[:8])
    assert members[8] == 0  # the ninth quarter is the first of the third year


def test_what_chance_may_book_follows_the_money_of_a_body():
    """Room in the ledger for the lessons that are paid, not for all the hours in a quarter."""
    few, many = (club(budget=money, services={"course": 1.0}) for money in (0.01, 1e9))
    few.advance(1)
    many.advance(1)
    room = [sum(len(ledger.rows) for ledger in each._ledgers) for each in (few, many)]
    assert room[0] + 4096 < room[1]


def test_an_entrant_knows_nothing_of_the_contracts_of_the_firm_before_it():
    data = country(80, quarters=24).model_dump()
    data["parameters"]["resources"] |= {"overhead": 0.8, "patience": 2, "entry": 0.5}
    ensemble = Ensemble(build([Scenario.model_validate(data)], [0]), 24)
    ensemble.advance(24)
    firms = ensemble.world.firms
    new = np.asarray(firms.active == 1) & np.asarray(firms.born > 20)  # since contracts were signed
    assert new.sum() > 5
    assert not np.asarray(firms.since)[new].any()


def test_a_body_that_opens_in_mid_year_has_members_from_the_turn_of_the_year():
    ensemble, fees, members = club(opens=5, closes=100), [], []
    for quarter in range(1, 11):
        ensemble.advance(quarter)
        fees.append(float(ensemble.world.institutions.fees[0]))
        members.append(int((ensemble.world.firms.members & 1).sum()))
    assert not any(fees[:8] + members[:8])
    assert all(fees[8:])
    assert all(members[8:])


def test_what_staff_bring_keeps_up_with_the_standard_and_what_firms_brought_does_not():
    data = country(320, quarters=12).model_dump()
    for sector in data["sectors"].values():
        sector["pace"] = 10.0
    data["timetable"] = {}
    ensemble = Ensemble(build([Scenario.model_validate(data)], [0]), 12)
    brought = ensemble.world.institutions.expertise.copy()
    assert brought.any()
    lost = 0
    for quarter in range(1, 13):
        before = ensemble.world.institutions.repository.copy()
        ensemble.advance(quarter)
        lost += int((before & ~ensemble.world.institutions.repository).astype(bool).sum())
    assert (ensemble.ledger.channel == OVERTAKEN).any()
    assert lost > 0
    assert (ensemble.world.institutions.expertise == brought).all()


def test_who_gave_up_an_order_may_win_it_anew_and_nobody_else_is_taken_back():
    ensemble = Ensemble(build([country(640, quarters=60)], [0]), 60)
    params, again = ensemble.world.parameters[0], 0
    for tick in range(60):
        before = ensemble.world.firms.copy()
        ensemble.advance(tick + 1)
        firms, chains = ensemble.world.firms, ensemble.world.chains
        for i, c in zip(
            *np.nonzero((firms.since == tick) & (firms.contract != NOBODY)), strict=True
        ):
            old, new, chain = before[i], firms[i], chains[firms[i].contract[c]]
            had = old.contract == new.contract[c]
            if tick == 0 or old.born != new.born or not had.any():
                continue
            kept = order_kept(float(old.order[had][0]), params)
            assert too_small(kept, chain.first_order, params)
            again += 1
    assert again > 0
