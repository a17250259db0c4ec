"""One firm in words, as HTML: its state, what it learnt and from whom, what it could learn now."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from model.outlook import Explanation, Outlook
from model.scenario.schema import Scenario
from model.theory.interaction import CHANNELS, FORGOTTEN, INHERITANCE, OVERTAKEN, START
from model.theory.practices import DIMENSIONS, score
from model.viewer.firm import Card, Lesson
from model.wording.firms import agent_title, arrival, ranked, road_told
from model.wording.numbers import counted
from model.wording.titles import LEARNED, institution_title, title_of
from model.world.tables import NOBODY

_LOST = (FORGOTTEN, OVERTAKEN)
_RECENT = 6  # lessons that are told one by one
_LIKELY = 4  # sources of a dimension that are told
_SELDOM = 0.005  # chance a quarter below which a source isn't


def firm_html(card: Card, scenario: Scenario, letter: str = "", parted: int = -1) -> str:
    """A card as HTML; ``letter`` says of which of two worlds, ``parted`` since when lives differ."""
    head, *rest = _parts(card, scenario, letter)
    since = f"<b>Its two lives part in quarter {parted}.</b> " if letter and parted >= 0 else ""
    return f"<div>{head}{since}{''.join(rest)}</div>"


def _parts(card: Card, scenario: Scenario, letter: str) -> Iterator[str]:
    firm, place = (
        card.firm,
        title_of(scenario.communities, card.names.communities[card.firm.community]),
    )
    which = f"{letter}: firm" if letter else "Firm"
    if not firm.active:
        yield f"<h2>{which} {card.row}, {escape(place)}</h2>"
        yield "No firm is in this place now."
        return
    yield f"<h2>{which} {card.row}, {escape(place)}</h2>"
    size, since = counted(round(float(firm.workers)), "worker"), arrival(int(firm.born))
    yield f"{size}, {since}, {road_told(int(firm.road))}."
    yield _row_of_scores(card)
    yield (
        f"Per worker and quarter, units of account: value added {firm.value_added:.2f}, "
        f"wage {firm.wage:.2f}; slack {firm.resources:.2f}."
    )
    yield f"<br>Supplies: {escape(_supplies(card, scenario))}. Member of: {escape(_member(card, scenario))}."
    yield from _learnt(card, scenario)
    if card.outlook is not None:
        yield from _could_learn(card.outlook, scenario)


def _row_of_scores(card: Card) -> str:
    cells = "".join(
        f'<td>{name} <b class="num">{score(int(card.firm.mastered[d])):.2f}</b></td>'
        for d, name in enumerate(DIMENSIONS)
    )
    return f"<table><tr><th>scores 0-3</th>{cells}</tr></table>"


def _supplies(card: Card, scenario: Scenario) -> str:
    rows = [row for row in card.firm.contract.tolist() if row != NOBODY]
    return ", ".join(title_of(scenario.chains, card.names.chains[row]) for row in rows) or "nobody"


def _member(card: Card, scenario: Scenario) -> str:
    keys = [card.names.institutions[row] for row in card.names.memberships(card.firm)]
    return ", ".join(institution_title(scenario, key) for key in keys) or "nothing"


def _learnt(card: Card, scenario: Scenario) -> Iterator[str]:
    learnt = [x for x in card.lessons if x.channel not in (START, INHERITANCE, *_LOST)]
    lost = sum(x.practices for x in card.lessons if x.channel in _LOST)
    total = sum(x.practices for x in learnt)
    forgot = f", {lost} forgotten or overtaken" if lost else ""
    yield f"<h3>What it learnt: {counted(total, 'practice')}{forgot}</h3>"
    if not learnt:
        return
    counts: dict[str, int] = {}
    for lesson in learnt:
        name = LEARNED[CHANNELS[lesson.channel]]
        counts[name] = counts.get(name, 0) + lesson.practices
    yield f"From {escape(ranked(counts))}."
    rows = "".join(
        f'<tr><td class="num">{x.tick}</td><td>{DIMENSIONS[x.dimension]} rung {x.rung}</td>'
        f'<td class="num">{x.practices}</td><td>{escape(_from(x, scenario))}</td></tr>'
        for x in reversed(learnt[-_RECENT:])
    )
    head = "<tr><th>quarter</th><th>what</th><th>practices</th><th>from</th></tr>"
    yield f"<table>{head}{rows}</table>"


def _from(lesson: Lesson, scenario: Scenario) -> str:
    name = LEARNED[CHANNELS[lesson.channel]]
    if not lesson.who:
        return name
    who = lesson.who
    if who in scenario.chains:
        who = title_of(scenario.chains, who)
    elif not who.startswith("firm "):
        who = institution_title(scenario, who)
    return f"{name}: {who}"


def _could_learn(outlook: Explanation, scenario: Scenario) -> Iterator[str]:
    yield f"<h3>What it could learn now: something new with chance {outlook.chance:.0%} a quarter</h3>"
    for each in outlook.outlooks:
        yield f"<div>{_dimension(each, scenario)}</div>"
    if outlook.doors:
        yield "<h3>Doors that are closed to it</h3>"
        yield "".join(
            f"<div>{escape(agent_title(scenario, who))}: {escape(why)}</div>"
            for who, why in outlook.doors
        )


def _dimension(outlook: Outlook, scenario: Scenario) -> str:
    likely = [s for s in outlook.sources if s.chance >= _SELDOM][:_LIKELY]
    said = ", ".join(
        f"{agent_title(scenario, s.who) if s.who else LEARNED[s.channel]} {s.chance:.0%}"
        for s in likely
    )
    barred = f"; {outlook.barred}" if outlook.barred else ""
    found = said or ("seldom anything" if outlook.needed else "nothing new is within reach")
    return f"<b>{outlook.dimension}</b>, chance {outlook.chance:.0%}: {escape(found + barred)}"
