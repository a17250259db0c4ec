"""One firm, place or community more redraws nobody else: parents, hires, visits, guests, brokers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.draws import key, one_of_growing
from model.engine.lots import by_lot, extent_of
from model.engine.queue import smallest
from model.theory.interaction import CHANNELS, INHERITANCE, LABOUR
from model.world.tables import COMMUNITIES, COMMUNITY, NOBODY
from tests.worlds import NO_SOURCES, ONE, PLACE, live, parameters, scenario, seats

U = np.uint64
DRAWS = [U(key(U(77), n)) for n in range(4000)]


def even(counts) -> bool:
    """Whether counts are as even as chance makes them (chi-square within 5 deviations)."""
    degrees, expected = len(counts) - 1, counts.sum() / len(counts)
    square = ((counts - expected) ** 2 / expected).sum()
    return abs(square - degrees) < 5 * np.sqrt(2 * degrees)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 48, 200])
def test_one_more_to_choose_from_moves_a_choice_to_the_new_one_or_not_at_all(n):
    before = np.array([one_of_growing(n, draw) for draw in DRAWS])
    after = np.array([one_of_growing(n + 1, draw) for draw in DRAWS])
    assert before.min() >= 0
    assert before.max() < n
    moved = before != after
    assert (after[moved] == n).all()
    share, deviation = 1 / (n + 1), np.sqrt(n / len(DRAWS)) / (n + 1)
    assert abs(moved.mean() - share) < 4 * deviation
    if n > 1:
        assert even(np.bincount(before, minlength=n))


@given(st.lists(st.integers(-3, 3) | st.integers(0, 2**63 - 1), min_size=1, max_size=30), st.data())
def test_the_last_who_is_let_in_is_found_without_a_sort(ranks, data):
    k = data.draw(st.integers(0, len(ranks) - 1))
    values = np.array(ranks, np.int64)
    assert smallest(values, k) == sorted(ranks)[k]
    assert sorted(values) == sorted(ranks)


def lots(places, eligible, where=None, home=NOBODY):
    """Whom each draw falls on, as (community, place); ``eligible``: set of such pairs."""
    communities = np.zeros(len(places), COMMUNITY).view(np.recarray)
    communities.places = places
    communities.first = np.cumsum([0, *places[:-1]])
    marked = np.zeros(sum(places), np.int8)
    for community, place in eligible:
        marked[communities.first[community] + place] = 1
    reached = np.zeros(COMMUNITIES, np.int8)
    reached[range(len(places)) if where is None else where] = 1
    extent = extent_of(reached, communities)
    found = []
    for draw in DRAWS:
        row = by_lot(marked, len(eligible), communities, reached, extent, home, draw)
        community = int(np.searchsorted(communities.first, row, side="right")) - 1
        found.append((community, int(row - communities.first[community])))
    return found


MEMBERS = {(0, place) for place in range(0, 150, 5)} | {(1, 3), (1, 8), (1, 63), (1, 64), (2, 0)}
PLACES = (150, 70, 9)


def test_every_eligible_firm_is_as_likely():
    found = lots(PLACES, MEMBERS)
    assert set(found) <= MEMBERS
    order = sorted(MEMBERS)
    assert even(np.bincount([order.index(pair) for pair in found], minlength=len(order)))


def test_a_lot_within_a_community_falls_on_its_members_alone_each_as_likely():
    """And it is the lot that all would have drawn, had only those of that community been asked."""
    there = {pair for pair in MEMBERS if pair[0] == 1}
    found = lots(PLACES, MEMBERS, home=1)
    order = sorted(there)
    assert set(found) == there
    assert even(np.bincount([order.index(pair) for pair in found], minlength=len(order)))
    assert found == lots(PLACES, there)


def test_communities_by_the_hundred_have_clocks_of_their_own():
    """Each firm alone in a block of places: were two clocks one, they would ring together."""
    order = [(0, 5), (0, 70), (0, 130), (64, 5), (64, 70), (129, 130), (500, 5)]
    found = lots((200,) * 501, set(order))
    assert even(np.bincount([order.index(pair) for pair in found], minlength=len(order)))


def test_places_and_communities_that_do_not_take_part_change_no_lot():
    found = lots(PLACES, MEMBERS)
    assert lots((151, 70, 9), MEMBERS) == found
    assert lots((150, 129, 9), MEMBERS) == found  # one block of places more
    assert lots((*PLACES, 30), MEMBERS) == found
    assert lots((*PLACES, 30), MEMBERS, where=[0, 1, 2]) == found


@pytest.mark.parametrize("others", [6, 61, 70])
def test_clocks_of_many_communities_read_at_a_time_say_what_each_says_alone(others):
    """More than eight, all of the first 64, and some beyond."""
    assert lots((*PLACES, *[200] * others), MEMBERS) == lots(PLACES, MEMBERS)


@pytest.mark.parametrize("new", [(0, 1), (1, 69), (0, 150), (3, 2)])
def test_one_member_more_takes_its_share_and_moves_nobody_elses_lot(new):
    """A member in between, the last in its place, one in a new place, one of a new community."""
    before = lots(PLACES, MEMBERS)
    after = lots((151, 70, 9, 5), MEMBERS | {new})
    moved = [now for was, now in zip(before, after, strict=True) if was != now]
    assert set(moved) == {new}
    share = 1 / (len(MEMBERS) + 1)
    deviation = np.sqrt(share * (1 - share) / len(DRAWS))
    assert abs(len(moved) / len(DRAWS) - share) < 4 * deviation


def quarter(firms, *layers, vacant=()):
    """The ledger of the first quarter of a place with so many firms, by channel and learner.

    ``vacant``: places that are empty before it.
    """
    here = {"communities": {"here": {"firms": firms, "topology": "none"}}}
    ensemble = live(scenario(ONE, NO_SOURCES, here, *layers), 0, horizon=1)
    ensemble.world.firms.active[list(vacant)] = 0
    ensemble.advance(1)
    entries = {}
    for row in ensemble.ledger:
        told = (int(row.practice), int(row.dimension), int(row.source))
        entries.setdefault((int(row.channel), int(row.firm)), []).append(told)
    return entries


def compared(channel, firms, *layers, vacant=()):
    """(entries of a channel that one firm more left as they were, that it took, that else changed)."""
    few, more = (quarter(n, *layers, vacant=vacant) for n in (firms, firms + 1))
    same, taken, changed = 0, 0, []
    for at in sorted(set(few) | set(more)):
        if at[0] != channel or at[1] == firms:
            continue
        one, other = few.get(at), more.get(at)
        if one == other:
            same += 1
        elif other is None or any(entry[2] == firms for entry in other):
            taken += 1
        else:
            changed.append((CHANNELS[channel], at, one, other))
    return same, taken, changed


def test_one_firm_more_changes_nobody_elses_hires():
    """300 firms so that enough hires teach; everybody hires, and nothing else can differ."""
    hiring = parameters(external_economies={"hiring": 1.0}, interaction={"rate": {"labour": 1.0}})
    mobile = {"communities": {"here": {"labour_mobility": 1.0}}}
    same, taken, changed = compared(LABOUR, 300, hiring, mobile)
    assert changed == []
    assert same > 30
    assert taken <= 5


def test_one_firm_more_changes_nobody_elses_parents():
    born = parameters(resources={"entry": 1.0, "spin_off": 1.0})
    same, taken, changed = compared(INHERITANCE, 300, born, vacant=range(0, 300, 2))
    assert changed == []
    assert same > 50  # half of all parents are vacant places too
    assert taken <= 5


def test_one_member_more_changes_nobody_elses_visits():
    """Visits as many as members, which teach what lies at the frontier: no visit hangs on another."""
    visits = parameters(
        services={"most": 1}, board={"voice": 0.0}, access={"take_up": 1.0},
        interaction={"rate": {"institution": 1.0}},
    )  # fmt: skip
    centre = {
        "institutions": {
            "centre": {
                "budget": 1000.0, "experiential": 0.0, "board": seats("government"),
                "access": {"inclusive": True, "fee": 0.0, "quota": 1.0},
            }
        }
    }  # fmt: skip
    aware = []
    for n, layers in ((300, ()), (300, (centre,)), (301, (centre,))):
        here = {"communities": {"here": {"firms": n, "topology": "none"}}}
        aware.append(live(scenario(ONE, here, visits, *layers), 1).world.firms.aware[:300])
    alone, few, more = aware
    assert (alone != few).any(axis=1).sum() > 20
    assert (few != more).any(axis=1).sum() <= 5  # the new member's visits, and one visit more


def test_one_more_community_changes_no_hires():
    hiring = parameters(interaction={"rate": {"labour": 1.0}})
    mobile = {"communities": {"here": {"labour_mobility": 1.0}}}
    far = {"communities": {"far": PLACE | {"firms": 50}}}
    few, more = (quarter(100, hiring, mobile, *layer) for layer in ((), (far,)))
    ours = {at: entry for at, entry in more.items() if at[1] < 100}
    assert ours == few
