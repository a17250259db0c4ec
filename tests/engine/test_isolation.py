"""What cannot reach a firm does not change its life, to the last bit.

All draws belong to a firm's community and place, by number, so that nobody's draws move when
somebody else comes, goes or is ruled differently. Common random numbers rest on this.

Numbers are part of the draws: the same communities in another order make another world of the same
kind, not the same world in another order. Only averages can be compared, and are.
"""

import numpy as np
import pytest

from tests.worlds import (
    ACROSS,
    BOARDS,
    MODES,
    ONE,
    PLACE,
    POLICIES,
    TRADE,
    TWO,
    Layer,
    by_dimension,
    history,
    live,
    parameters,
    scenario,
)

TICKS = 16
KINDS = tuple(POLICIES["instruments"])
LIVES = ("aware", "mastered", "resources", "wage", "value_added", "contract", "active", "born")


def firms_of(ensemble, communities):
    firms = ensemble.world.firms
    return firms[np.isin(firms.community, communities)]


def same_lives(one, other, communities=(0, 1)):
    """Whether firms of some communities lived the same lives, told by columns and by ledger."""
    ours, theirs = firms_of(one, communities), firms_of(other, communities)
    same = all((ours[name] == theirs[name]).all() for name in LIVES)
    return same and booked(one, communities) == booked(other, communities)


def booked(ensemble, communities):
    community = ensemble.world.firms.community
    return [
        tuple(entry)[:3] + tuple(entry)[5:]
        for entry in ensemble.ledger
        if community[entry.firm] in communities
    ]


# Firms of one trade meet on its home market (M2), so that only trades apart are worlds apart.
CRAFT: Layer = {"sectors": {"craft": TRADE}, "communities": {"there": {"sector": "craft"}}}
ISOLATED = (ONE, TWO, CRAFT)
RULED_HERE: Layer = {
    "chains": {"buyer": {"governance": "quasi_hierarchy", "communities": ["here"]}},
    "institutions": {
        "centre": {
            "reach": ["here"], "budget": 5.0, "services": {"meeting": 0.3}, "access": {"inclusive": True}
        }
    },
}  # fmt: skip


def test_policy_in_one_community_leaves_an_isolated_one_as_it_was():
    without, ruled = (live(scenario(*ISOLATED, *more), TICKS) for more in ((), (RULED_HERE,)))
    assert same_lives(without, ruled, communities=[1])
    assert not same_lives(without, ruled, communities=[0])


@pytest.mark.parametrize("kind", [*KINDS, "a change of the timetable"])
def test_an_instrument_or_event_in_one_community_leaves_an_isolated_one_as_it_was(kind):
    leader = {"governance": "quasi_hierarchy", "reach": "global", "orders": 0.5}
    apart = {"chains": {f"of_{n}": leader | {"communities": [n]} for n in ("here", "there")}}
    policy = {"instruments": {"policy": {"kind": kind, "budget": 2.0, "communities": ["here"]}}}
    if kind not in KINDS:
        event = {"tick": 3, "communities": {"here": {"labour_mobility": 1.0, "information": 1.0}}}
        policy = {"timetable": {"change": event}}
    without, ruled = (live(scenario(*ISOLATED, apart, *more), TICKS) for more in ((), (policy,)))
    assert same_lives(without, ruled, communities=[1])
    assert not same_lives(without, ruled, communities=[0])
    there = [lives.series.reshape(TICKS, 2)[:, 1] for lives in (without, ruled)]
    assert (there[0] == there[1]).all()


def test_policy_reaches_through_ties():
    """The control: with ties across, the neighbours' lives do change."""
    open_ = (ONE, TWO, {"across": {"ties": 3.0, "trust": 1.0}})
    without, ruled = (live(scenario(*open_, *more), TICKS) for more in ((), (RULED_HERE,)))
    assert not same_lives(without, ruled, communities=[1])


@pytest.mark.parametrize(
    "nobody",
    [
        {"institutions": {"club": {"budget": 9.0, "access": {"fee": 100.0}}}},
        {"institutions": {"club": {"budget": 9.0, "access": {"quota": 0.0, "inclusive": True}}}},
        {"chains": {"buyer": {"governance": "hierarchy", "orders": 0.0}}},
        {"chains": {"buyer": {"governance": "hierarchy", "entry_standard": 1.0}}},
    ],
    ids=["a fee nobody pays", "no members", "no orders", "a standard nobody meets"],
)
def test_what_reaches_nobody_changes_nobody(nobody):
    """Membership of local associations included, which is drawn every year."""
    without, with_ = (
        live(scenario(ONE, TWO, ACROSS, *more), TICKS, range(6)) for more in ((), (nobody,))
    )
    assert same_lives(without, with_)
    assert (without.world.firms.members == with_.world.firms.members).all()


def restricted(names: Layer) -> Layer:
    """The chains or institutions of a layer, for the first two communities only."""
    ((kind, things),) = names.items()
    where = "communities" if kind == "chains" else "reach"
    return {kind: {name: thing | {where: ["here", "there"]} for name, thing in things.items()}}


def test_one_more_community_far_away_changes_nobody_else():
    far = {
        "sectors": {"distant": TRADE},
        "communities": {"far": PLACE | {"firms": 9, "sector": "distant"}},
    }
    world = (ONE, TWO, restricted(MODES), restricted(BOARDS))
    two, three = (live(scenario(*world, *more), TICKS) for more in ((), (far,)))
    assert same_lives(two, three)
    ours = two.series.reshape(TICKS, 2)
    assert (ours == three.series.reshape(TICKS, 3)[:, :2]).all()


def test_one_more_firm_without_ties_changes_nobody_else():
    """No ties, no hires from the whole town, no spin-offs from anywhere: nothing connects firms."""
    apart = {"communities": {"here": {"topology": "none", "labour_mobility": 0.0}}}
    own = parameters(resources={"spin_off": 0.0, "patience": 1000})  # nobody leaves customers
    home: Layer = {"neutral": ["home_market"]}  # where all firms of a trade compete
    few, more = (
        live(scenario(ONE, apart, own, home, {"communities": {"here": {"firms": n}}}), TICKS)
        for n in (12, 13)
    )
    for name in few.world.firms.dtype.names:
        one, other = few.world.firms[name], more.world.firms[name][:12]
        # the sum of a market is over one firm more, so that its last digit may move
        same = np.isclose(one, other, rtol=1e-9, atol=0) if one.dtype.kind == "f" else one == other
        assert same.all(), name
    assert booked(few, [0]) == [entry for entry in booked(more, [0]) if entry[2] != 12]


def test_a_rate_of_zero_is_the_absence_of_the_channel():
    """Nobody met is nobody there: no rate for peers is no ties, no rate for staff no lessons."""
    no_peers = parameters(interaction={"rate": {"peer": 0.0}})
    no_ties = {"communities": {"here": {"topology": "none"}}}
    calm = {"neutral": ["pressure"]}  # neighbours who are never met still spur (F5)
    told = [
        live(scenario(ONE, MODES, calm, *layers), TICKS) for layers in ((no_peers,), (no_ties,))
    ]
    assert same_lives(*told, communities=[0])
    silent = parameters(interaction={"rate": {"institution": 0.0}}, awareness={"meeting": 0.0})
    open_laboratory = {"sectors": {"trade": {"open_laboratory": 1.0}}}
    centre = {"institutions": {"centre": {"budget": 5.0, "access": {"inclusive": True}}}}
    told = [live(scenario(ONE, silent, open_laboratory, *x), TICKS) for x in ((), (centre,))]
    assert same_lives(*told, communities=[0])


def test_policies_start_from_the_same_world():
    """Common random numbers from the first day: firms, ties and sources do not know the policy."""
    plain, ruled = (live(scenario(ONE, TWO, *more), 0) for more in ((), (MODES, RULED_HERE)))
    assert history(plain)["sectors"] == history(ruled)["sectors"]
    assert (plain.world.firms.mastered == ruled.world.firms.mastered).all()
    used = plain.world.runs[0].used_ties
    for column in ("a", "b", "trust"):
        assert (plain.world.ties[column][:used] == ruled.world.ties[column][:used]).all()


def test_the_order_of_communities_changes_draws_and_no_averages():
    """What can be had of permutation: two unlike communities fare alike whichever comes first."""
    weak: Layer = {"weak": PLACE | {"firms": 10, "start": by_dimension(0.1), "trust": 0.1}}
    able: Layer = {"able": PLACE | {"firms": 10, "start": by_dimension(0.6), "trust": 0.8}}
    at_home = {"institutions": {name: {"home": "weak"} for name in BOARDS["institutions"]}}
    rest = (MODES, BOARDS, at_home, {"across": {"ties": 1.0}})
    n = 300
    means = {}
    for order in (weak | able, able | weak):
        world = scenario(
            {"title": "Two orders", "sectors": ONE["sectors"], "communities": order}, *rest
        )
        end = live(world, 8, range(n)).world
        level = np.bitwise_count(end.firms.mastered).sum(axis=1).reshape(n, 2, 10).mean(axis=2)
        supplies = (end.firms.contract[:, 0] >= 0).reshape(n, 2, 10).mean(axis=2)
        staffed = (1 << len(BOARDS["institutions"])) - 1
        belongs = (end.firms.members & staffed != 0).reshape(n, 2, 10).mean(axis=2)
        for i, name in enumerate(order):
            for what, values in (("level", level), ("chain", supplies), ("member", belongs)):
                means.setdefault((name, what), []).append(values[:, i])
    for (name, what), (first, second) in means.items():
        error = np.sqrt((first.var() + second.var()) / n)
        assert abs(first.mean() - second.mean()) < 4 * error, (name, what)
