"""What is valid in a scenario and hardly meant: money that reaches nobody, bodies that never work.

These are warnings, not faults: a world may be made to show just that. ``check`` and the reports tell them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model.language import noted, say, signed_as_here
from model.parameters import neutralised
from model.scenario.changes import after, in_order
from model.scenario.faults import Key, Misfit, show_key
from model.scenario.institution_keys import Institution
from model.scenario.instrument_keys import Instrument
from model.scenario.money import PERIODS
from model.scenario.schema import Scenario

ENOUGH = 0.9
"""Share of a public budget of which less spent is worth a word."""
_TOO_LATE = noted("= {start} lies after the last quarter of the run, {end}")
_YEAR = round(1 / PERIODS["year"])  # quarters


@dataclass(frozen=True)
class Stretch:
    """Quarters ``start`` to ``end - 1`` of a run, in which the timetable changes nothing."""

    start: int
    end: int
    world: Scenario

    def overlap(self, first: int, end: int) -> int:
        """How many of these quarters lie from ``first`` to ``end - 1``."""
        return max(0, min(self.end, end) - max(self.start, first))


def stretches(scenario: Scenario) -> tuple[Stretch, ...]:
    """The run, cut where the timetable changes something; those of no quarter left out."""
    found: list[Stretch] = []
    start, now = 0, scenario
    for _, change in in_order(scenario):
        tick = min(change.tick, scenario.run.ticks)
        found.append(Stretch(start, tick, now))
        start, now = tick, after(now, change)
    found.append(Stretch(start, scenario.run.ticks, now))
    return tuple(stretch for stretch in found if stretch.end > stretch.start)


def public_budget(scenario: Scenario) -> float:
    """Public money that institutions and instruments may spend over the run, units of account."""
    return sum(
        sum(i.budget * part.overlap(i.opens, i.closes) for i in part.world.institutions.values())
        + sum(p.budget * part.overlap(p.first, p.last + 1) for p in part.world.instruments.values())
        for part in stretches(scenario)
    )


def unspent(scenario: Scenario, spent: float) -> str:
    """What to say of a run in which much public money was left; "" where it was not.

    ``spent``: units of account over the run, mean over replicates.
    """
    budget = public_budget(scenario)
    if spent >= ENOUGH * budget:
        return ""
    return say(
        "spends {spent} of {budget} units of account of public money, {share}: what the rest was meant for "
        "is not there, or not asked for",
        spent=_amount(spent),
        budget=_amount(budget),
        share=f"{spent / budget:.0%}",
    )


def _amount(units: float) -> str:
    return signed_as_here(f"{units:,.0f}" if units >= 10 else f"{units:.2g}")


def warnings(scenario: Scenario) -> tuple[Misfit, ...]:
    """What a scenario says and hardly means, by its keys."""
    parts = stretches(scenario)
    found: dict[Key, Misfit] = {}
    for name in scenario.instruments:
        for misfit in _of_instrument(name, parts):
            found.setdefault(misfit.key, misfit)
    for name in scenario.institutions:
        for misfit in _of_institution(name, parts):
            found.setdefault(misfit.key, misfit)
    return tuple(found.values())


def warning_lines(worlds: Mapping[str, Scenario]) -> list[str]:
    """The warnings of worlds that are compared, each once, without the file that they are about.

    A body that has money in one of them and none in another is what is compared, and no mistake.
    """
    parts = [stretches(world) for world in worlds.values()]
    paid = {
        ("institutions", name)
        for each in parts
        for part in each
        for name, body in part.world.institutions.items()
        if _has_money(body)
    } | {
        ("instruments", name)
        for each in parts
        for part in each
        for name, instrument in part.world.instruments.items()
        if instrument.budget
    }
    found = (misfit for world in worlds.values() for misfit in warnings(world))
    return list(
        dict.fromkeys(
            _told(misfit)
            for misfit in found
            if misfit.key[2:] != ("budget",) or misfit.key[:2] not in paid
        )
    )


def _told(misfit: Misfit) -> str:
    line = f"{show_key(misfit.key)} {misfit.allowed}"
    return f"{line}; {misfit.hint}" if misfit.hint else line


def _of_instrument(name: str, parts: tuple[Stretch, ...]) -> Iterator[Misfit]:
    where = ("instruments", name)
    kinds = [part.world.instruments[name] for part in parts]
    first, last = kinds[-1].first, kinds[-1].last
    at_work = [
        (part.world, kind)
        for part, kind in zip(parts, kinds, strict=True)
        if part.overlap(kind.first, kind.last + 1)
    ]
    if all(kind.last < kind.first for kind in kinds):
        said = say("= {last} lies before first = {first}: it never spends", last=last, first=first)
        yield Misfit((*where, "last"), said)
    elif not at_work:
        end = parts[-1].end - 1
        yield Misfit((*where, "first"), say(_TOO_LATE, start=first, end=end))
    elif not any(kind.budget for _, kind in at_work):
        said, hint = say("= 0: it never spends"), say("write a budget, or leave it out")
        yield Misfit((*where, "budget"), said, hint)
    elif all(reasons := [_no_target(world, kind) for world, kind in at_work]):
        said = say('= "{kind}" has no target: {reason}', kind=kinds[0].kind, reason=reasons[0])
        yield Misfit((*where, "kind"), said)


def _no_target(world: Scenario, instrument: Instrument) -> str:
    """Why an instrument has nobody to work with, or ""."""
    places = set(instrument.communities or world.communities)
    buyers = [
        chain
        for chain in world.chains.values()
        if places & set(chain.communities or world.communities) and chain.orders > 0
    ]
    if instrument.kind == "export_promotion" and all(c.reach != "global" for c in buyers):
        return say("no chain abroad buys where it applies")
    if instrument.kind == "supplier_development" and not buyers:
        return say("no chain buys where it applies")
    tied = [world.communities[place] for place in places]
    if instrument.kind == "consortium" and all(c.topology == "none" or c.ties == 0 for c in tied):
        return say("no two firms are tied where it applies")
    return ""


def _of_institution(name: str, parts: tuple[Stretch, ...]) -> Iterator[Misfit]:
    where = ("institutions", name)
    bodies = [part.world.institutions[name] for part in parts]
    opens, closes = bodies[-1].opens, bodies[-1].closes
    if all(body.closes <= body.opens for body in bodies):
        said = say(
            "= {closes} is not after opens = {opens}: it never works", closes=closes, opens=opens
        )
        yield Misfit((*where, "closes"), said)
    elif all(body.opens >= parts[-1].end for body in bodies):
        end = parts[-1].end - 1
        yield Misfit((*where, "opens"), say(_TOO_LATE, start=opens, end=end))
    elif not any(_has_money(body) for body in bodies):
        said = say("= 0, and there is no donor, fee or levy: it does nothing")
        yield Misfit((*where, "budget"), said, say("write a budget"))
    elif opens % _YEAR and closes > (turn := opens + _YEAR - opens % _YEAR):
        said = say(
            "= {opens} is in mid-year: firms join at the turn of a year, so it serves from {turn} on",
            opens=opens,
            turn=turn,
        )
        hint = say("write opens = {before} or {turn}", before=opens - opens % _YEAR, turn=turn)
        yield Misfit((*where, "opens"), said, hint)
    elif opens % _YEAR:
        said = say(
            "= {opens} is in mid-year, and it closes before the year turns: nobody ever joins",
            opens=opens,
        )
        hint = say("write opens = {before}", before=opens - opens % _YEAR)
        yield Misfit((*where, "opens"), said, hint)
    for part, body in zip(parts, bodies, strict=True):
        cap = _numbers(part.world).resources.cap
        most = _affordable(part.world)
        if not body.access.inclusive and body.access.fee > most:
            said = say(
                "= {fee} is more than anybody can pay: a firm keeps at most {cap} units, and joins with some "
                "yearly fees in hand",
                fee=f"{body.access.fee:g}",
                cap=f"{cap:g}",
            )
            hint = say("write at most {most}, or inclusive = true", most=f"{most:g}")
            yield Misfit((*where, "access", "fee"), said, hint)


def _has_money(body: Institution) -> bool:
    return bool(body.budget or body.donor or body.access.fee or body.access.levy)


def _numbers(world: Scenario) -> Any:
    return neutralised(world.parameters, world.neutral)


def _affordable(world: Scenario) -> float:
    """The largest fee a quarter at which a firm that saved all it may would join (I3, F3)."""
    numbers = _numbers(world)
    held = numbers.access.exclusion * numbers.access.means * _YEAR
    return float(numbers.resources.cap / held) if held else math.inf
