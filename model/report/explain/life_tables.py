"""A life, or two, as text and tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from model.language import noted, say, say_name
from model.report.explain.events import LEARNED, Event
from model.report.explain.life import Life
from model.report.explain.trace import Trace
from model.report.explain.twins import Pair, StateDifference, policies_apart
from model.scenario.faults import FEW
from model.theory.practices import DIMENSIONS
from model.wording.firms import agent_title, ranked
from model.wording.numbers import MISSING, counted, fixed
from model.wording.titles import channel_name, practice_name, title_of
from model.world.network import node

_GLANCES = 8  # moments at which two lives are set side by side
_ARROW = "\N{RIGHTWARDS ARROW}"
_STYLES = {"refused": "red", "contract ended": "red", "closed": "red", "left": "red",
           "contract": "green", "joined": "green"}  # fmt: skip
"""Kind of event -> its colour on the terminal."""
_SAID = {
    "world": noted("in the world {what}"),
    "governance": noted("governance {what}"),
    "contract": noted("contract"),
    "contract ended": noted("contract ended"),
    "refused": noted("refused"),
    "joined": noted("joined"),
    "left": noted("left"),
    "within reach": noted("within reach {what}"),
    "certified": noted("certified {what}"),
    "certificate lapsed": noted("certificate lapsed"),
    "closed": noted("closed"),
    "entered founder": noted("entered founder"),
    "entered spin-off": noted("entered spin-off"),
    "entered newcomer": noted("entered newcomer"),
    "road high": noted("road high"),
    "road low": noted("road low"),
    "tie met through an institution": noted("tie met through an institution"),
}
"""Kind of event, with which of a few it was where there are some -> what is said of it."""
_ROADS = {
    "high": noted(
        "On the high road, learning effort {effort}; masters something new next quarter with chance {chance}."
    ),
    "low": noted(
        "On the low road, learning effort {effort}; masters something new next quarter with chance {chance}."
    ),
}


def agent_of(trace: Trace, name: str) -> str:
    """What to call an agent or a channel: its title in the scenario, for a firm where it is."""
    title = agent_title(trace.scenario, name)
    kind, _, key = name.partition(":")
    if kind != "sme":
        return title
    community = trace.view.firms[int(key)].community
    return f"{title} ({_community(trace, trace.names.communities[community])})"


def event_said(event: Event) -> str:
    """What happened, without whom and why."""
    known = _SAID.get(event.kind) or _SAID[f"{event.kind} {event.what}"]
    return say(known, what=event.what)


def _community(trace: Trace, key: str) -> str:
    return title_of(trace.scenario.communities, key)


def life_tables(life: Life) -> RenderableType:
    """One life: what befell the firm, what it mastered and from whom, what stayed beyond it."""
    return Group(_headline(life), _milestones(life), _mastered(life), _beyond(life), _outlook(life))


def _headline(life: Life) -> Text:
    trace = life.trace
    end = (
        say("closed in quarter {quarter}", quarter=life.closed)
        if life.closed is not None
        else say("in business at the end")
    )
    start = say("from quarter {quarter}", quarter=life.born) if life.born else say("from the start")
    scores = "   ".join(
        f"{say_name(d)} {fixed(life.path[d].iloc[0], 2)} {_ARROW} {fixed(life.path[d].iloc[-1], 2)}"
        for d in DIMENSIONS
    )
    return Text.assemble(
        (firm_said(life), "bold"),
        f", {start}, {end}\n",
        say(
            "{label}: {world}; replicate {replicate}, seed {seed}, {quarters}",
            label=trace.label,
            world=trace.scenario.title,
            replicate=trace.replicate,
            seed=trace.scenario.run.seed,
            quarters=counted(trace.ticks, "quarter"),
        ),
        "\n",
        say("scores 0-3:   {scores}", scores=scores),
    )


def firm_said(life: Life) -> str:
    """The firm by its place and community."""
    place = _community(life.trace, life.community)
    return say("Firm {number} of {place}", number=life.trace.place, place=place)


def _table(title: str, caption: str = "") -> Table:
    return Table(title=title, caption=caption or None, box=box.SIMPLE_HEAD, title_justify="left",
                 caption_justify="left", title_style="bold", pad_edge=False)  # fmt: skip


def _milestones(life: Life) -> Table:
    table = _table(
        say("What befell it"), say("Refusals: where it met the buyer, or set out to join.")
    )
    table.add_column(say("quarter"), justify="right")
    for name in (say("what"), say("who"), say("why")):
        table.add_column(name)
    for kind, quarters, what, who, why in milestones(life):
        table.add_row(quarters, Text(what, _STYLES.get(kind, "")), who, why)
    return table


def milestones(life: Life) -> Iterator[tuple[str, str, str, str, str]]:
    """Events other than lessons as (kind, quarters, what, who, why), the same ones in a row as one."""
    kept = (event for event in life.events if event.kind not in LEARNED)
    for (kind, _), group in groupby(kept, lambda e: (e.kind, "" if e.kind == "tie" else e.who)):
        run = list(group)
        for part in [run] if kind in ("refused", "tie") else [[event] for event in run]:
            yield kind, *_milestone(life, part, kind)


def _milestone(life: Life, run: list[Event], kind: str) -> tuple[str, str, str, str]:
    first, last = run[0], run[-1]
    quarters = str(first.tick) if first.tick == last.tick else f"{first.tick}\N{EN DASH}{last.tick}"
    names = list(dict.fromkeys(agent_of(life.trace, event.who) for event in run if event.who))
    whom = names[0] if len(names) == 1 else counted(len(names), "firm") if names else ""
    why = last.why
    if kind == "refused" and len(run) > 1:
        why = say("{times}; last: {why}", times=counted(len(run), "time"), why=why)
    return quarters, event_said(first), whom, why


def _mastered(life: Life) -> Table:
    lost = [event.what.split()[0] for event in life.events if event.kind == "lost"]
    table = _table(say("What it mastered by learning, and from whom"), say("Numbers: practices."))
    table.add_column(say("dimension"))
    for name in (say("mastered"), say("lost"), say("first"), say("last")):
        table.add_column(name, justify="right")
    table.add_column(say("from"))
    for dimension in DIMENSIONS:
        own = [e for e in life.events if e.kind == "mastered" and e.what.split()[0] == dimension]
        ticks = (str(own[0].tick), str(own[-1].tick)) if own else (MISSING, MISSING)
        table.add_row(
            say_name(dimension),
            str(len(own)),
            str(lost.count(dimension)),
            *ticks,
            _givers(life, own),
        )
    return table


def _givers(life: Life, lessons: Iterable[Event]) -> str:
    counts: dict[str, int] = {}
    for event in lessons:
        name = agent_of(life.trace, event.who)
        if event.channel in ("labour", "recombination"):
            name = f"{channel_name(event.channel)}: {name}"
        counts[name] = counts.get(name, 0) + 1
    return ranked(counts)


def _beyond(life: Life) -> Table:
    table = _table(
        say("What it was shown or heard of, and could not do"),
        say(
            "Too early: heard of while out of reach, and of those mastered later. At the end: known of "
            "and not mastered, out of reach, embodied in machines, or within reach."
        ),
    )
    table.add_column(say("dimension"))
    for name in (
        say("too early"), say("later mastered"), say("out of reach"), say("in machines"), say("within reach"),
    ):  # fmt: skip
        table.add_column(name, justify="right")
    for known in life.known:
        numbers = (known.too_early, known.caught_up, known.beyond, known.with_machine,
                   known.besides)  # fmt: skip
        table.add_row(say_name(known.dimension), *map(str, numbers))
    return table


def _outlook(life: Life) -> RenderableType:
    outlook = life.outlook
    if outlook is None:
        why = life.events[-1].why
        return Text(say("It closed in quarter {quarter}: {why}.", quarter=life.closed, why=why))
    effort, chance = fixed(outlook.effort, 2), fixed(outlook.chance, 2)
    table = _table(say("What comes next"), say(_ROADS[outlook.road], effort=effort, chance=chance))
    table.add_column(say("dimension"))
    for name in (say("works on it"), say("masters something new")):
        table.add_column(name, justify="right")
    for name in (say("likeliest source"), say("barred")):
        table.add_column(name)
    for part in outlook.outlooks:
        best = part.sources[0] if part.sources and part.sources[0].chance > 0 else None
        source = agent_of(life.trace, best.who or best.channel) if best else MISSING
        table.add_row(
            say_name(part.dimension),
            fixed(part.attends, 2),
            fixed(part.chance, 2),
            source,
            part.barred,
        )
    return table


def twin_tables(first: Life, second: Life | None, pair: Pair) -> RenderableType:
    """Two lives of one firm: where they part, then side by side."""
    parts: list[RenderableType] = [_headline(first), _parting(pair)]
    if second is None:
        absent = say(
            "In {label} this firm never was: its place went another way.", label=pair.second.label
        )
        return Group(*parts, Text(absent), _milestones(first))
    return Group(*parts, _first_lesson(first, second), _side_by_side(first, second), _lessons(first, second),
                 _both_milestones(first, second, pair))  # fmt: skip


def _parting(pair: Pair) -> RenderableType:
    one, other = pair.first.label, pair.second.label
    apart = policies_apart(pair.first, pair.second)
    said = say(
        "{one} and {other} differ in {keys}: {which}",
        one=one,
        other=other,
        keys=counted(len(apart), "key"),
        which="; ".join(_key(d) for d in apart[:FEW]) if apart else say("nothing"),
    )
    said += "; " + say("and {n} more", n=len(apart) - FEW) if len(apart) > FEW else ""
    if pair.worlds_part is None:
        worlds = say("No firm of the two worlds ever differs.")
    else:
        worlds = say(
            "The worlds part in quarter {quarter}, in which {firms} came to differ.",
            quarter=pair.worlds_part,
            firms=counted(pair.touched, "firm"),
        )
    parting = pair.parting
    if parting is None:
        alike = say("The two lives are the same.")
        return Text.assemble("\n", said, ".\n", worlds, "\n", (alike, "bold"))
    where = say("The two lives part in quarter {quarter}", quarter=parting.tick)
    if parting.tick < 0:
        where = say("The two lives differ from the start")
    table = _table(
        where, say("In the order in which a quarter runs; the first is where they part.")
    )
    for name in ("", one, other):
        table.add_column(name)
    for difference in parting.differences[:FEW]:
        texts = (_plain(pair.first, difference.first), _plain(pair.second, difference.second))
        table.add_row(difference.what, *texts)
    if len(parting.differences) > FEW:
        table.add_row(say("and {n} more", n=len(parting.differences) - FEW), "", "")
    return Group(Text(f"\n{said}.\n{worlds}"), table)


def _first_lesson(first: Life, second: Life) -> Text:
    """The first practice that the firm mastered in one life, and not then in the other."""
    lessons = [
        {(e.tick, e.what): e.who for e in life.events if e.kind == "mastered"}
        for life in (first, second)
    ]
    apart = sorted({*lessons[0]} ^ {*lessons[1]})
    if not apart:
        return Text(say("What it masters, and when, is the same in both.") + "\n")
    tick, what = apart[0]
    life, taught = (first, lessons[0]) if apart[0] in lessons[0] else (second, lessons[1])
    whom = agent_of(life.trace, taught[apart[0]])
    said = say(
        "First lesson of one life only: quarter {quarter}, {practice} from {whom} ({label}).",
        quarter=tick,
        practice=practice_name(what),
        whom=whom,
        label=life.trace.label,
    )
    return Text(f"{said}\n")


def _key(difference: StateDifference) -> str:
    return f"{difference.what} {difference.first} / {difference.second}"


def _plain(trace: Trace, text: str) -> str:
    """Nodes in a text as titles."""
    words = [
        agent_of(trace, word) if word.startswith(("lead_firm:", "institution:")) else word
        for word in text.split(" ")
    ]
    return " ".join(words)


def _side_by_side(first: Life, second: Life) -> Table:
    one, other = first.trace.label, second.trace.label
    caption = say("{one} / {other}; scores 0-3, wage in units of account.", one=one, other=other)
    table = _table(say("Side by side"), caption)
    table.add_column(say("quarter"), justify="right")
    for name in (*map(say_name, DIMENSIONS[:3]), say("wage")):
        table.add_column(name, justify="right")
    for name in (say("supplies"), say("belongs to")):
        table.add_column(name)
    a, b = first.path.set_index("tick"), second.path.set_index("tick")
    ticks = sorted({*a.index, *b.index})
    step = max(1, len(ticks) // _GLANCES)
    for tick in (*ticks[:-1:step], ticks[-1]):
        cells = [str(tick) if tick >= 0 else say("start")]
        for name in (*DIMENSIONS[:3], "wage"):
            cells.append(" / ".join(
                fixed(path.loc[tick, name], 2) if tick in path.index else MISSING
                for path in (a, b)
            ))  # fmt: skip
        for kind, attribute in (("lead_firm", "contracts"), ("institution", "memberships")):
            cells.append(" / ".join(
                _held(life, kind, attribute, tick) for life in (first, second)
            ))  # fmt: skip
        table.add_row(*cells)
    return table


def _held(life: Life, kind: str, attribute: str, tick: int) -> str:
    table = getattr(life, attribute)
    if tick not in table.index:
        return MISSING
    held = [name for name, is_held in table.loc[tick].items() if is_held]
    return ", ".join(agent_of(life.trace, node(kind, name)) for name in held) or MISSING


def _lessons(first: Life, second: Life) -> Table:
    table = _table(say("Practices mastered by learning, by channel"))
    table.add_column(say("channel"))
    for life in (first, second):
        table.add_column(life.trace.label, justify="right")
    counts = [life.lessons.groupby("channel")["practices"].sum() for life in (first, second)]
    for channel in dict.fromkeys((*counts[0].index, *counts[1].index)):
        table.add_row(channel_name(channel), *(str(int(count.get(channel, 0))) for count in counts))
    return table


def _both_milestones(first: Life, second: Life, pair: Pair) -> Table:
    """What befell one and not the other, from the parting on."""
    start = pair.parting.tick if pair.parting else 0
    table = _table(
        say("What befell one and not the other"), say("Lessons, ties and the world are left out.")
    )
    table.add_column(say("quarter"), justify="right")
    for name in (first.trace.label, second.trace.label):
        table.add_column(name)
    sides = [
        {(e.tick, event_said(e), agent_of(life.trace, e.who)): None
         for e in life.events
         if e.kind not in (*LEARNED, "tie", "world") and e.tick >= start}
        for life in (first, second)
    ]  # fmt: skip
    for event in sorted({*sides[0]} ^ {*sides[1]}):
        text = say("{what} {whom}", what=event[1], whom=event[2]) if event[2] else event[1]
        table.add_row(str(event[0]), *(text if event in side else "" for side in sides))
    return table
