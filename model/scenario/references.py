"""What must fit together between the tables of a scenario: names, pairs of communities, trades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from model.scenario.faults import Misfit, suggest

COMMUNITIES = 512  # of one world, at most
MOST = 62  # chains, instruments or institutions of one world that have a bit of an int64 each


def misfits_between(scenario: Any) -> Iterator[Misfit]:
    """What is wrong between the tables of this scenario, its timetable left aside."""
    yield from _unknown_names(scenario)
    yield from _unfit_tiers(scenario)
    yield from _mixed_trades(scenario)
    yield from _unfit_pairs(scenario)


def not_there(scenario: Any, table: str, key: str) -> tuple[str, str]:
    """What to say of a name that a table of this scenario does not hold."""
    what = {"communities": "community"}.get(table, table[:-1])
    return f"there is no {what} {key!r}", suggest(key, getattr(scenario, table))


def _unknown_names(scenario: Any) -> Iterator[Misfit]:
    """References to sectors and communities that the scenario does not hold."""

    def check(name: str, known: Iterable[str], what: str, *key: str | int) -> Iterator[Misfit]:
        if name not in known:
            yield Misfit(key, f"there is no {what} {name!r}", suggest(name, known))

    for name, community in scenario.communities.items():
        where: tuple[str | int, ...] = ("communities", name, "sector")
        yield from check(community.sector, scenario.sectors, "sector", *where)
        for owner in community.large.plants:
            where = ("communities", name, "large", "plants", owner)
            yield from check(owner, scenario.chains, "chain", *where)
    for name, chain in scenario.chains.items():
        for i, place in enumerate(chain.communities):
            where = ("chains", name, "communities", i)
            yield from check(place, scenario.communities, "community", *where)
    for name, institution in scenario.institutions.items():
        for i, place in enumerate(institution.reach):
            where = ("institutions", name, "reach", i)
            yield from check(place, scenario.communities, "community", *where)
        for i, buyer in enumerate(institution.access.chains):
            where = ("institutions", name, "access", "chains", i)
            yield from check(buyer, tuple(scenario.chains)[:MOST], "chain", *where)
        if institution.home is not None:
            reached = institution.reach or tuple(scenario.communities)
            where = ("institutions", name, "home")
            yield from check(institution.home, reached, "community in its reach", *where)

    for name, instrument in scenario.instruments.items():
        for i, place in enumerate(instrument.communities):
            where = ("instruments", name, "communities", i)
            yield from check(place, scenario.communities, "community", *where)


def _unfit_tiers(scenario: Any) -> Iterator[Misfit]:
    """Chains that follow none that there is, or, one by way of others, themselves."""
    chains, seen = scenario.chains, set()
    for name, chain in chains.items():
        if chain.follows is not None and chain.follows not in chains:
            yield Misfit(("chains", name, "follows"), *not_there(scenario, "chains", chain.follows))
        trail: dict[str, None] = {}
        now = name
        while now in chains and now not in seen:
            seen.add(now)
            trail[now] = None
            now = chains[now].follows
        if now in trail:
            way = list(trail)
            circle = " -> ".join([*way[way.index(now) :], now])
            key = ("chains", now, "follows")
            yield Misfit(key, f"goes in a circle: {circle}", "leave one `follows` out")


def _unfit_pairs(scenario: Any) -> Iterator[Misfit]:
    """Pairs of communities that are none, stand there twice, or are of different trades."""
    seen: dict[frozenset[str], str] = {}
    for name, pair in scenario.across.pairs.items():
        key = ("across", "pairs", name, "between")
        unknown = [place for place in pair.between if place not in scenario.communities]
        if unknown:
            yield Misfit(key, *not_there(scenario, "communities", unknown[0]))
            continue
        a, b = pair.between
        if a == b:
            yield Misfit(key, "names the same community twice", "name two")
        elif scenario.communities[a].sector != scenario.communities[b].sector:
            yield Misfit(key, "are of different trades", "name communities of one sector")
        elif (other := seen.setdefault(frozenset(pair.between), name)) != name:
            yield Misfit(key, f"are those of across.pairs.{other}", "say it once")


def _mixed_trades(scenario: Any) -> Iterator[Misfit]:
    """Chains and institutions that mix sectors, whose practices can't be taught across."""
    reaches = [(("chains", k, "communities"), c.communities) for k, c in scenario.chains.items()]
    reaches += [(("institutions", k, "reach"), i.reach) for k, i in scenario.institutions.items()]
    for key, reach in reaches:
        places = [
            scenario.communities[p]
            for p in reach or scenario.communities
            if p in scenario.communities
        ]
        trades = sorted({place.sector for place in places})
        if len(trades) > 1:
            allowed = f"mixes the sectors {', '.join(trades)}; each sector has its own practices"
            yield Misfit(key, allowed, "name communities of one sector")
