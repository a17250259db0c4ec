"""One firm in words, as HTML: its state, what it learnt and from whom, what it could learn now."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from model.language import say, say_name, signed_as_here
from model.outlook import Explanation, Outlook
from model.scenario.schema import Scenario
from model.theory.interaction import CHANNELS, FORGOTTEN, INHERITANCE, OVERTAKEN, START
from model.theory.practices import DIMENSIONS, score
from model.viewer.firm import FIRM, Card, Lesson
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
    since = ""
    if letter and parted >= 0:
        told = say("Its two lives part in quarter {quarter}.", quarter=parted)
        since = f"<b>{escape(told)}</b> "
    return f"<div>{head}{since}{''.join(rest)}</div>"


def _parts(card: Card, scenario: Scenario, letter: str) -> Iterator[str]:
    firm, place = (
        card.firm,
        title_of(scenario.communities, card.names.communities[card.firm.community]),
    )
    if letter:
        which = say("{letter}: firm {row}, {place}", letter=letter, row=card.row, place=place)
    else:
        which = say("Firm {row}, {place}", row=card.row, place=place)
    yield f"<h2>{escape(which)}</h2>"
    if not firm.active:
        yield escape(say("No firm is in this place now."))
        return
    size, since = counted(round(float(firm.workers)), "worker"), arrival(int(firm.born))
    yield escape(f"{size}, {since}, {road_told(int(firm.road))}.")
    yield _row_of_scores(card)
    yield escape(
        say(
            "Per worker and quarter, units of account: value added {value_added}, wage {wage}; slack "
            "{slack}.",
            value_added=_fine(firm.value_added), wage=_fine(firm.wage), slack=_fine(firm.resources),
        )
    )  # fmt: skip
    deals = say(
        "Supplies: {buyers}. Member of: {institutions}.",
        buyers=_supplies(card, scenario), institutions=_member(card, scenario),
    )  # fmt: skip
    yield f"<br>{escape(deals)}"
    yield from _learnt(card, scenario)
    if card.outlook is not None:
        yield from _could_learn(card.outlook, scenario)


def _row_of_scores(card: Card) -> str:
    cells = "".join(
        f'<td>{escape(say_name(name))} <b class="num">{_fine(score(int(card.firm.mastered[d])))}</b></td>'
        for d, name in enumerate(DIMENSIONS)
    )
    head = escape(say("scores 0-3"))
    return f"<table><tr><th>{head}</th>{cells}</tr></table>"


def _supplies(card: Card, scenario: Scenario) -> str:
    rows = [row for row in card.firm.contract.tolist() if row != NOBODY]
    return ", ".join(title_of(scenario.chains, card.names.chains[row]) for row in rows) or say(
        "nobody"
    )


def _member(card: Card, scenario: Scenario) -> str:
    keys = [card.names.institutions[row] for row in card.names.memberships(card.firm)]
    return ", ".join(institution_title(scenario, key) for key in keys) or say("nothing")


def _learnt(card: Card, scenario: Scenario) -> Iterator[str]:
    learnt = [x for x in card.lessons if x.channel not in (START, INHERITANCE, *_LOST)]
    lost = sum(x.practices for x in card.lessons if x.channel in _LOST)
    total = sum(x.practices for x in learnt)
    practices = counted(total, "practice")
    if lost:
        head = say(
            "What it learnt: {practices}, {lost} forgotten or overtaken",
            practices=practices, lost=lost,
        )  # fmt: skip
    else:
        head = say("What it learnt: {practices}", practices=practices)
    yield f"<h3>{escape(head)}</h3>"
    if not learnt:
        return
    counts: dict[str, int] = {}
    for lesson in learnt:
        name = say_name(LEARNED[CHANNELS[lesson.channel]])
        counts[name] = counts.get(name, 0) + lesson.practices
    yield escape(say("From {sources}.", sources=ranked(counts)))
    rows = "".join(
        f'<tr><td class="num">{x.tick}</td><td>{escape(_rung(x))}</td>'
        f'<td class="num">{x.practices}</td><td>{escape(_from(x, scenario))}</td></tr>'
        for x in reversed(learnt[-_RECENT:])
    )
    heads = (say("quarter"), say("what"), say("practices"), say("from"))
    cells = "".join(f"<th>{escape(head)}</th>" for head in heads)
    yield f"<table><tr>{cells}</tr>{rows}</table>"


def _rung(lesson: Lesson) -> str:
    name = say_name(DIMENSIONS[lesson.dimension])
    return say("{dimension} rung {rung}", dimension=name, rung=lesson.rung)


def _from(lesson: Lesson, scenario: Scenario) -> str:
    name = say_name(LEARNED[CHANNELS[lesson.channel]])
    if not lesson.who:
        return name
    who = lesson.who
    if who in scenario.chains:
        who = title_of(scenario.chains, who)
    elif who.startswith(FIRM):
        who = say("firm {number}", number=who.removeprefix(FIRM))
    else:
        who = institution_title(scenario, who)
    return f"{name}: {who}"


def _could_learn(outlook: Explanation, scenario: Scenario) -> Iterator[str]:
    head = say(
        "What it could learn now: something new with chance {chance} a quarter",
        chance=f"{outlook.chance:.0%}",
    )
    yield f"<h3>{escape(head)}</h3>"
    for each in outlook.outlooks:
        yield f"<div>{_dimension(each, scenario)}</div>"
    if outlook.doors:
        head = say("Doors that are closed to it")
        yield f"<h3>{escape(head)}</h3>"
        yield "".join(
            f"<div>{escape(agent_title(scenario, who))}: {escape(why)}</div>"
            for who, why in outlook.doors
        )


def _dimension(outlook: Outlook, scenario: Scenario) -> str:
    likely = [s for s in outlook.sources if s.chance >= _SELDOM][:_LIKELY]
    said = ", ".join(
        f"{agent_title(scenario, s.who) if s.who else say_name(LEARNED[s.channel])} {s.chance:.0%}"
        for s in likely
    )
    barred = f"; {outlook.barred}" if outlook.barred else ""
    none = say("seldom anything") if outlook.needed else say("nothing new is within reach")
    found = say(
        ", chance {chance}: {sources}",
        chance=f"{outlook.chance:.0%}",
        sources=(said or none) + barred,
    )
    return f"<b>{escape(say_name(outlook.dimension))}</b>{escape(found)}"


def _fine(value: float) -> str:
    return signed_as_here(f"{value:.2f}")
