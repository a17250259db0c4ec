"""I8 Services, hours and dose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory import services as theory
from model.theory.board import budget
from model.theory.interaction import INSTITUTION, PEER
from model.theory.services import (
    COURSE,
    GROUP,
    MEETING,
    SERVICES,
    TEST,
    VISIT,
    cost_of_event,
    events_expected,
    lessons_each,
    participants,
    planned_events,
)
from tests.theory.records import any_draw, anywhere, draws, institution, neutral_params, params
from tests.worlds import (
    NO_TURNOVER,
    ONE,
    TWO,
    history,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

money, members = st.floats(0, 1000), st.integers(0, 200)
services = st.sampled_from(range(len(SERVICES)))
every_service = pytest.mark.parametrize("name", SERVICES)
EAGER = (ONE, NO_TURNOVER, parameters(access={"take_up": 1}))


def only(name):
    """All money for one service."""
    return dict.fromkeys(SERVICES, 0.0) | {name: 1.0}


def centre(public, name="visit", **what):
    spec = {"budget": public, "services": only(name), "access": {"inclusive": True}}
    return {"institutions": {"centre": spec | what}}


def staff(public=1.0, price=0.03, **shares):
    hours = [shares.get(name, 0.0) for name in SERVICES]
    return institution(budget=public, hour_price=price, hours=hours, seats=(1.0, 0, 0, 0))


def test_neutral_no_event_holds_a_lesson():
    assert [lessons_each(s, neutral_params("services")) for s in range(len(SERVICES))] == [0] * len(
        SERVICES
    )
    assert [lessons_each(s, params()) for s in (VISIT, GROUP, MEETING, TEST)] == [2, 2, 1, 0]


def test_neutral_equals_a_world_without_staff():
    """But for membership and hours; tests certify and meetings make ties without a lesson."""
    visits = dict.fromkeys(("visit", "course", "group", "demonstration"), 1.0)
    taught = centre(20.0, services=dict.fromkeys(SERVICES, 0.0) | visits)
    chain = {"chains": {"buyer": {"governance": "quasi_hierarchy"}}}
    off, none = (
        live(scenario(*EAGER, chain, taught, neutral("services"), *x), 12)
        for x in ((), ({"institutions": {"centre": {"access": {"quota": 0.0}}}},))
    )
    assert off.series["visits"].sum() > 100
    assert same(off, none, "members", "hours")
    assert history(off)["ledger"] != history(live(scenario(*EAGER, chain, taught), 12))["ledger"]


@every_service
def test_neutral_in_a_world_nobody_learns_from_staff(name):
    for off in ((), (neutral("services"),)):
        lives = live(scenario(*EAGER, centre(20.0, name), *off), 8)
        learned = INSTITUTION in lives.ledger["channel"]
        assert learned == (not off and name not in ("test", "meeting"))
        assert lives.series["visits"].sum() > 0


@given(services, money, members, any_draw, anywhere("services"))
def test_events_stay_within_money_and_what_firms_can_attend(s, public, n, draw, numbers):
    here = staff(public, **{SERVICES[s]: 0.5})
    expected = events_expected(here, s, n, public, numbers)
    planned = planned_events(expected, draw)
    assert expected >= 0
    assert expected - 1 < planned < expected + 1
    spent = expected * cost_of_event(here, s, numbers)
    assert (
        spent <= 0.5 * public * (1 + 1e-12) + 1e-300
    )  # the smallest numbers there are have few digits
    most = numbers.services.most * n / numbers.services.firms[s]
    assert planned <= np.ceil(most)
    assert participants(s, n, numbers) <= min(n, numbers.services.firms[s])


def test_events_in_closed_form():
    """Money over the price of an hour, times the share of hours, over the hours of an event."""
    numbers = params(services={"hours": dict(zip(SERVICES, (16, 24, 28, 24, 4, 12), strict=True))})
    here = staff(price=0.05, visit=0.5, group=0.35, test=0.15)
    for s, events in ((VISIT, 2.5), (GROUP, 1.0), (TEST, 3.0), (COURSE, 0.0)):
        assert events_expected(here, s, 100, 4.0, numbers) == pytest.approx(events)
    assert cost_of_event(here, GROUP, numbers) == pytest.approx(1.4)


def test_no_more_events_than_most_for_each_member():
    numbers = params(services={"most": 3})
    here = staff(visit=1.0, group=1.0)
    assert events_expected(here, VISIT, 7, 1e6, numbers) == 21
    assert events_expected(here, GROUP, 10, 1e6, numbers) == 6
    assert events_expected(here, VISIT, 0, 1e6, numbers) == 0


def test_a_fraction_of_an_event_is_one_more_by_chance():
    mean = np.mean([planned_events(2.3, draw) for draw in draws(2000, 1)])
    assert mean == pytest.approx(2.3, abs=4 * np.sqrt(0.21 / 2000))
    assert all(planned_events(2.0, draw) == 2 for draw in draws(100, 2))


# Staff and their hours in worlds.


@every_service
def test_on_average_the_budget_is_spent_and_never_more_than_one_event_beyond_it(name):
    public, ticks = 2.1, 60
    lives = live(scenario(*EAGER, centre(public, name)), 0, horizon=ticks)
    institution_, spent = lives.world.institutions[0], []
    hours = lives.world.parameters[0].services.hours[SERVICES.index(name)]
    event = institution_.hour_price * hours
    for tick in range(1, ticks + 1):
        lives.advance(tick)
        spent.append(float(lives.world.institutions[0].spent))
        assert public - event < spent[-1] < public + event
    assert np.mean(spent) == pytest.approx(public, abs=4 * event * 0.5 / np.sqrt(ticks))


@every_service
def test_hours_of_firms_add_up_to_hours_of_staff(name):
    """Hours that participants count are those that were paid: spending over the price of an hour."""
    lives = live(scenario(*EAGER, centre(3.0, name)), 16)
    spent = lives.series["public_cost"].sum() + lives.series["private_cost"].sum()
    price = lives.world.institutions[0].hour_price
    assert lives.world.firms.hours.sum() == pytest.approx(spent / price)
    assert lives.world.firms.hours.sum() > 100


def test_hours_are_budget_over_price_on_average():
    hours = [live(scenario(*EAGER, centre(3.0, hour_price=p)), 40).world.firms.hours.sum()
             for p in (0.03, 0.06)]  # fmt: skip
    assert hours[0] == pytest.approx(3.0 / 0.03 * 40, rel=0.02)
    assert hours[1] == pytest.approx(3.0 / 0.06 * 40, rel=0.02)


def test_money_is_shared_out_over_services_by_hours():
    mixed = centre(12.0, services=only("test") | {"visit": 0.5, "group": 0.5})
    lives = live(scenario(*EAGER, mixed), 0)
    assert lives.world.institutions[0].hours == pytest.approx([0.25, 0, 0.25, 0, 0.5, 0])


def test_participations_are_counted_by_community():
    both = (ONE, TWO, NO_TURNOVER, parameters(access={"take_up": 1}))
    lives = live(scenario(*both, centre(20.0, reach=["there"])), 8)
    visits = lives.series["visits"].reshape(8, 2)
    assert not visits[:, 0].any()
    assert (visits[:, 1] > 0).all()


def test_a_course_costs_less_and_carries_less_for_each_firm_than_a_visit():
    """Iacovone, Maloney and McKenzie 2022: the same means, many more firms, in a classroom."""
    place = {"communities": {"here": {"firms": 60}}}
    hours, gained = {}, {}
    for name in ("visit", "group", "course"):
        lives = live(scenario(*EAGER, place, centre(10.0, name)), 20, range(4))
        told = lives.ledger["channel"] == INSTITUTION
        participations = lives.series["visits"].sum()
        hours[name] = lives.world.firms.hours.sum() / participations
        gained[name] = told.sum() / participations
    assert hours["visit"] == pytest.approx(16)
    assert hours["group"] == pytest.approx(28 / 5)
    assert hours["course"] == pytest.approx(24 / 20)
    assert gained["course"] < 0.8 * gained["group"]
    assert gained["group"] < 1.2 * gained["visit"]


def test_a_group_is_of_one_region_and_no_larger_than_its_members_there():
    """One event of five firms a quarter among two communities, of which one has three."""
    both = (ONE, TWO, NO_TURNOVER, parameters(access={"take_up": 1}))
    few = {"communities": {"there": {"firms": 3}}}
    exact = 28 * 0.03
    visits = live(scenario(*both, few, centre(exact, "group")), 60).series["visits"]
    each = [tuple(quarter) for quarter in visits.reshape(60, 2)[4:]]
    assert set(each) == {(5, 0), (0, 3)}


def test_staff_only_bring_firms_together_at_meetings():
    lives = live(scenario(*EAGER, centre(20.0, "meeting")), 8)
    channels = set(lives.ledger["channel"])
    assert INSTITUTION not in channels
    assert PEER in channels


def test_a_test_certifies_and_teaches_nothing():
    lives = live(scenario(*EAGER, centre(3.0, "test", certifies=0.01)), 8)
    assert (lives.world.firms.certified > 0).any()
    assert INSTITUTION not in lives.ledger["channel"]
    assert (lives.world.firms.served < 0).all()  # no lesson was given
    visited = live(scenario(*EAGER, centre(3.0, certifies=0.01)), 8)
    assert not (visited.world.firms.certified > 0).any()


def test_nobody_is_served_without_money():
    lives = live(scenario(*EAGER, centre(0.0)), 8)
    assert not lives.series["visits"].any()
    assert not lives.world.firms.hours.any()


def test_a_donor_pays_as_the_government_does():
    donor = centre(0.0, donor=2.0)
    paid = centre(2.0)
    one, other = (live(scenario(*EAGER, x), 8) for x in (donor, paid))
    assert same(one, other)
    assert not one.series["public_cost"].any()
    assert not one.series["private_cost"].any()
    assert one.series["donor_cost"].sum() == pytest.approx(other.series["public_cost"].sum())
    assert one.series["donor_cost"].sum() > 0
    assert budget(one.world.institutions[0]) == 2


def test_one_event_more_leaves_the_others_as_they_were():
    """Common random numbers: who is served does not hang on how many events money buys."""
    few, more = (live(scenario(*EAGER, centre(x * 0.48)), 1).world.firms for x in (3, 4))
    assert few.hours.sum() == 48
    assert more.hours.sum() == 64
    assert (more.hours >= few.hours).all()


def test_numbers_of_services_go_by_their_names():
    """So that a service more, wherever it stands, needs no other line of the theory."""
    numbers = theory.VISIT, theory.COURSE, theory.GROUP, theory.DEMONSTRATION
    names = [theory.SERVICES[number] for number in (*numbers, theory.TEST, theory.MEETING)]
    assert names == ["visit", "course", "group", "demonstration", "test", "meeting"]
