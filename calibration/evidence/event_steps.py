"""From dated events to a timetable.

Each event moves one or two quantities by an amount of its type for a time. Where several are at work at
once prices multiply and rates add up. A change is written for every quarter in which something changes,
named after it; an event that was over before the window makes no key, one that is under way at its beginning
starts with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from calibration.evidence.coding import CodedEvent, Coding
from calibration.evidence.dossiers import Dossier, EventFact
from calibration.evidence.steps import Evidence, Step

ARRIVALS = ("leader_arrival", "outsourcing")
_REACHES = ("domestic", "global")


@dataclass(frozen=True)
class Start:
    """What the timetable begins from, by key of the scenario."""

    sector: str
    community: str
    local_inputs: float
    chains: Mapping[str, tuple[str, float, bool]]
    """Reach, orders at the end, whether a leader governs it; by name."""


@dataclass(frozen=True)
class Movement:
    """An amount that an event adds to (or multiplies) a quantity, from a quarter to another."""

    event: EventFact
    quantity: str
    amount: float
    first: int
    until: int | None


def arrivals(dossier: Dossier, coding: Coding) -> list[int]:
    """Quarters of the window, after its first, in which leaders arrive or buy outside."""
    quarters = (
        dossier.quarter(event.from_year, event.from_quarter)
        for event in dossier.events
        if event.kind in ARRIVALS
    )
    return sorted(q for q in quarters if 0 < q < 4 * dossier.years)


def orders_at_start(dossier: Dossier | None, coding: Coding) -> float:
    """Share of their orders that led chains have at the start."""
    if dossier is None or not arrivals(dossier, coding):
        return 1.0
    before = coding.events["leader_arrival"].before
    return 1.0 if before is None else before


def event_steps(dossier: Dossier, start: Start, coding: Coding) -> Iterator[Step]:
    """The timetable of a cluster."""
    effects = [*_effects(dossier, coding)]
    horizon = 4 * dossier.years
    moments = {effect.first for effect in effects}
    moments |= {e.until for e in effects if e.until is not None}
    before = _values(effects, start, -1, coding)
    for moment in sorted(m for m in moments if 0 <= m < horizon):
        now = _values(effects, start, moment, coding)
        changed = {key: value for key, value in now.items() if value != before[key]}
        if changed:
            yield from _change(moment, changed, effects, dossier, coding)
        before = now


def _effects(dossier: Dossier, coding: Coding) -> Iterator[Movement]:
    for event in dossier.events:
        coded = coding.events.get(event.kind)
        if coded is None:
            continue
        first = dossier.quarter(event.from_year, event.from_quarter)
        until = _end(event, first, coded, dossier)
        years = (until - first) / 4
        lasting = [
            *((f"price_{reach}", p) for reach, p in _prices(event, coded)),
            *((key, amount / years) for key, amount in _rates(coded)),
        ]
        if until > 0:
            for quantity, amount in lasting:
                yield Movement(event, quantity, amount, max(0, first), until)
        if first > 0 and coded.local_inputs:
            yield Movement(event, "local_inputs", coded.local_inputs, first, None)
        if first > 0 and event.kind in ARRIVALS:
            yield Movement(event, "orders", 1.0, first, None)


def _end(event: EventFact, first: int, coded: CodedEvent, dossier: Dossier) -> int:
    """Quarter after its last."""
    if event.to_year is not None:
        return max(first + 1, dossier.quarter(event.to_year + 1))
    end = first + 4 * coded.years
    if event.kind == "appreciation":
        falls = (
            dossier.quarter(other.from_year, other.from_quarter)
            for other in dossier.events
            if other.kind == "devaluation"
        )
        end = min([end, *(q for q in falls if q > first)])
    return end


def _prices(event: EventFact, coded: CodedEvent) -> Iterator[tuple[str, float]]:
    for reach in _REACHES:
        always = getattr(coded, f"price_{reach}")
        if always is not None:
            yield reach, always
        if coded.price is not None and event.direction and event.market in (reach, "both"):
            yield reach, coded.price if event.direction == "up" else 1 / coded.price


def _rates(coded: CodedEvent) -> Iterator[tuple[str, float]]:
    if coded.rivals:
        yield "rivals_rise", coded.rivals
    if coded.outside:
        yield "outside_rise", coded.outside


def _values(
    effects: Iterable[Movement], start: Start, moment: int, coding: Coding
) -> dict[str, float]:
    """Every key that events can move, in a quarter; -1: before the run."""
    by = {"rivals_rise": 0.0, "outside_rise": 0.0, "local_inputs": 0.0, "orders": 0.0}
    prices = dict.fromkeys(_REACHES, 1.0)
    coming = 0
    for effect in effects:
        coming += effect.quantity == "orders"
        if not effect.first <= moment or (effect.until is not None and moment >= effect.until):
            continue
        if effect.quantity.startswith("price_"):
            prices[effect.quantity.removeprefix("price_")] *= effect.amount
        else:
            by[effect.quantity] += effect.amount
    before = coding.events["leader_arrival"].before or 0.0
    come = before + (1 - before) * by["orders"] / coming if coming else 1.0
    inputs = min(1.0, start.local_inputs + by["local_inputs"])
    values = {
        f"sectors.{start.sector}.rivals_rise": by["rivals_rise"],
        f"communities.{start.community}.local_inputs": inputs,
    }
    for name, (reach, orders, led) in start.chains.items():
        values[f"chains.{name}.price"] = prices[reach]
        values[f"chains.{name}.orders"] = orders * come if led else orders
        if reach == "global":
            values[f"chains.{name}.outside_rise"] = by["outside_rise"]
    return {key: round(value, 3) for key, value in values.items()}


def _change(
    moment: int,
    changed: dict[str, float],
    effects: list[Movement],
    dossier: Dossier,
    coding: Coding,
) -> Iterator[Step]:
    """One change of the timetable: its title says what begins and what ends."""
    year, quarter = divmod(moment, 4)
    year += dossier.first_year
    here = f"timetable.from_{year}" + (f"_{quarter + 1}" if quarter else "")
    begun = list(dict.fromkeys(e.event for e in effects if e.first == moment))
    over = list(dict.fromkeys(e.event for e in effects if e.until == moment))
    words = [f"{_capital(event.event)}" for event in begun]
    words += [f"over: {event.event}" for event in over]
    told = tuple(
        f"{_capital(event.event)} ({_years(event)}): {Evidence.of(event).whole}"
        for event in (*begun, *over)
    )
    given = "; ".join(words)
    least = min((*begun, *over), key=lambda event: event.confidence)
    evidence = Evidence.of(least)
    when = f"{year}, quarter {quarter + 1}"
    yield Step("event", given, f"{here}.title", given, "What happens.", "", evidence, told)
    yield Step("event", given, f"{here}.tick", moment, "When it happens.", when, evidence)
    for key, value in changed.items():
        moved = [
            e.event for e in effects if moment in (e.first, e.until) and _moves(e.quantity, key)
        ]
        causes = list(dict.fromkeys(moved))
        least = min(causes, key=lambda event: event.confidence)
        coded = [coding.events[event.kind] for event in causes]
        kinds = dict.fromkeys(
            f"{event.kind}{'' if event in begun else ' over'}" for event in causes
        )
        priors = sorted({each.prior for each in coded if each.prior})
        unknown = f"; size not known: middle of {' and '.join(priors)}" if priors else ""
        why = " ".join(dict.fromkeys(each.reason for each in coded))
        note = f"{', '.join(kinds)}{unknown}"
        yield Step("event", given, f"{here}.{key}", value, why, note, Evidence.of(least))


def _moves(quantity: str, key: str) -> bool:
    """Whether a quantity is what is written at a key."""
    name = key.rpartition(".")[2]
    return quantity.partition("_")[0] == "price" if name == "price" else quantity == name


def _years(event: EventFact) -> str:
    end = event.to_year
    return str(event.from_year) + (f"-{end}" if end and end != event.from_year else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
