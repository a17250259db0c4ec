"""A life, or two, as text and tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from model.report.explain.events import LEARNED, Event
from model.report.explain.life import Life
from model.report.explain.trace import Trace
from model.report.explain.twins import Pair, StateDifference, policies_apart
from model.scenario.faults import FEW
from model.theory.practices import DIMENSIONS
from model.wording.firms import agent_title, ranked
from model.wording.numbers import MISSING, counted, fixed
from model.wording.titles import title_of
from model.world.network import node

_GLANCES = 8  # moments at which two lives are set side by side
_ARROW = "\N{RIGHTWARDS ARROW}"


def agent_of(trace: Trace, name: str) -> str:
    """What to call an agent or a channel: its title in the scenario, for a firm where it is."""
    title = agent_title(trace.scenario, name)
    kind, _, key = name.partition(":")
    if kind != "sme":
        return title
    community = trace.view.firms[int(key)].community
    return f"{title} ({_community(trace, trace.names.communities[community])})"


def _community(trace: Trace, key: str) -> str:
    return title_of(trace.scenario.communities, key)


def life_tables(life: Life) -> RenderableType:
    """One life: what befell the firm, what it mastered and from whom, what stayed beyond it."""
    return Group(_headline(life), _milestones(life), _mastered(life), _beyond(life), _outlook(life))


def _headline(life: Life) -> Text:
    trace = life.trace
    end = (
        f"closed in quarter {life.closed}" if life.closed is not None else "in business at the end"
    )
    start = f"from quarter {life.born}" if life.born else "from the start"
    scores = "   ".join(
        f"{d} {fixed(life.path[d].iloc[0], 2)} {_ARROW} {fixed(life.path[d].iloc[-1], 2)}"
        for d in DIMENSIONS
    )
    return Text.assemble(
        (f"Firm {trace.place} of {_community(trace, life.community)}", "bold"),
        f", {start}, {end}\n",
        f"{trace.label}: {trace.scenario.title}; replicate {trace.replicate}, seed "
        f"{trace.scenario.run.seed}, {counted(trace.ticks, 'quarter')}\n",
        f"scores 0-3:   {scores}",
    )


def _table(title: str, caption: str = "") -> Table:
    return Table(title=title, caption=caption or None, box=box.SIMPLE_HEAD, title_justify="left",
                 caption_justify="left", title_style="bold", pad_edge=False)  # fmt: skip


def _milestones(life: Life) -> Table:
    table = _table("What befell it", "Refusals: where it met the buyer, or set out to join.")
    for name in ("quarter", "what", "who", "why"):
        table.add_column(name, justify="right" if name == "quarter" else "left")
    for quarters, what, who, why in milestones(life):
        style = {"refused": "red", "contract ended": "red", "closed": "red", "left": "red",
                 "contract": "green", "joined": "green"}.get(what, "")  # fmt: skip
        table.add_row(quarters, Text(what, style), who, why)
    return table


def milestones(life: Life) -> Iterator[tuple[str, str, str, str]]:
    """Events other than lessons as (quarters, what, who, why), the same ones in a row as one."""
    kept = (event for event in life.events if event.kind not in LEARNED)
    for (kind, who), group in groupby(kept, lambda e: (e.kind, "" if e.kind == "tie" else e.who)):
        run = list(group)
        for part in [run] if kind in ("refused", "tie") else [[event] for event in run]:
            yield _milestone(life, part, kind, who)


def _milestone(life: Life, run: list[Event], kind: str, who: str) -> tuple[str, str, str, str]:
    first, last = run[0], run[-1]
    quarters = str(first.tick) if first.tick == last.tick else f"{first.tick}\N{EN DASH}{last.tick}"
    names = list(dict.fromkeys(agent_of(life.trace, event.who) for event in run if event.who))
    whom = names[0] if len(names) == 1 else counted(len(names), "firm") if names else ""
    times = f"{counted(len(run), 'time')}; last: " if kind == "refused" and len(run) > 1 else ""
    what = {"refused": "refused", "world": "in the world"}.get(kind, kind)
    said = " ".join(part for part in (what, first.what) if part)
    return quarters, said, whom, times + last.why


def _mastered(life: Life) -> Table:
    lost = [event.what.split()[0] for event in life.events if event.kind == "lost"]
    table = _table("What it mastered by learning, and from whom", "Numbers: practices.")
    table.add_column("dimension")
    for name in ("mastered", "lost", "first", "last"):
        table.add_column(name, justify="right")
    table.add_column("from")
    for dimension in DIMENSIONS:
        own = [e for e in life.events if e.kind == "mastered" and e.what.split()[0] == dimension]
        ticks = (str(own[0].tick), str(own[-1].tick)) if own else (MISSING, MISSING)
        table.add_row(
            dimension, str(len(own)), str(lost.count(dimension)), *ticks, _givers(life, own)
        )
    return table


def _givers(life: Life, lessons: Iterable[Event]) -> str:
    counts: dict[str, int] = {}
    for event in lessons:
        name = agent_of(life.trace, event.who)
        if event.channel in ("labour", "recombination"):
            name = f"{event.channel}: {name}"
        counts[name] = counts.get(name, 0) + 1
    return ranked(counts)


def _beyond(life: Life) -> Table:
    table = _table(
        "What it was shown or heard of, and could not do",
        "Too early: heard of while out of reach, and of those mastered later. At the end: known of "
        "and not mastered, out of reach, embodied in machines, or within reach.",
    )
    for name in ("dimension", "too early", "later mastered", "out of reach", "in machines",
                 "within reach"):  # fmt: skip
        table.add_column(name, justify="left" if name == "dimension" else "right")
    for known in life.known:
        numbers = (known.too_early, known.caught_up, known.beyond, known.with_machine,
                   known.besides)  # fmt: skip
        table.add_row(known.dimension, *map(str, numbers))
    return table


def _outlook(life: Life) -> RenderableType:
    outlook = life.outlook
    if outlook is None:
        return Text(f"It closed in quarter {life.closed}: {life.events[-1].why}.")
    table = _table(
        "What comes next",
        f"On the {outlook.road} road, learning effort {fixed(outlook.effort, 2)}; masters something "
        f"new next quarter with chance {fixed(outlook.chance, 2)}.",
    )
    for name in ("dimension", "works on it", "masters something new", "likeliest source", "barred"):
        table.add_column(
            name, justify="right" if name in ("works on it", "masters something new") else "left"
        )
    for part in outlook.outlooks:
        best = part.sources[0] if part.sources and part.sources[0].chance > 0 else None
        source = agent_of(life.trace, best.who or best.channel) if best else MISSING
        table.add_row(
            part.dimension, fixed(part.attends, 2), fixed(part.chance, 2), source, part.barred
        )
    return table


def twin_tables(first: Life, second: Life | None, pair: Pair) -> RenderableType:
    """Two lives of one firm: where they part, then side by side."""
    parts: list[RenderableType] = [_headline(first), _parting(pair)]
    if second is None:
        absent = f"In {pair.second.label} this firm never was: its place went another way."
        return Group(*parts, Text(absent), _milestones(first))
    return Group(*parts, _first_lesson(first, second), _side_by_side(first, second), _lessons(first, second),
                 _both_milestones(first, second, pair))  # fmt: skip


def _parting(pair: Pair) -> RenderableType:
    one, other = pair.first.label, pair.second.label
    apart = policies_apart(pair.first, pair.second)
    said = f"{one} and {other} differ in {counted(len(apart), 'key')}"
    said += ": " + "; ".join(_key(d) for d in apart[:FEW]) if apart else ": nothing"
    said += f"; and {len(apart) - FEW} more" if len(apart) > FEW else ""
    if pair.worlds_part is None:
        worlds = "No firm of the two worlds ever differs."
    else:
        firms = counted(pair.touched, "firm")
        worlds = f"The worlds part in quarter {pair.worlds_part}, in which {firms} came to differ."
    if pair.parting is None:
        return Text.assemble(
            "\n", said, ".\n", worlds, "\n", ("The two lives are the same.", "bold")
        )
    where = f"The two lives part in quarter {pair.parting.tick}"
    if pair.parting.tick < 0:
        where = "The two lives differ from the start"
    table = _table(where, "In the order in which a quarter runs; the first is where they part.")
    for name in ("", one, other):
        table.add_column(name)
    for difference in pair.parting.differences[:FEW]:
        texts = (_plain(pair.first, difference.first), _plain(pair.second, difference.second))
        table.add_row(difference.what, *texts)
    if len(pair.parting.differences) > FEW:
        table.add_row(f"and {len(pair.parting.differences) - FEW} more", "", "")
    return Group(Text(f"\n{said}.\n{worlds}"), table)


def _first_lesson(first: Life, second: Life) -> Text:
    """The first practice that the firm mastered in one life, and not then in the other."""
    lessons = [
        {(e.tick, e.what): e.who for e in life.events if e.kind == "mastered"}
        for life in (first, second)
    ]
    apart = sorted({*lessons[0]} ^ {*lessons[1]})
    if not apart:
        return Text("What it masters, and when, is the same in both.\n")
    tick, what = apart[0]
    life, taught = (first, lessons[0]) if apart[0] in lessons[0] else (second, lessons[1])
    whom = agent_of(life.trace, taught[apart[0]])
    return Text(
        f"First lesson of one life only: quarter {tick}, {what} from {whom} ({life.trace.label}).\n"
    )


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
    table = _table("Side by side", f"{one} / {other}; scores 0-3, wage in units of account.")
    table.add_column("quarter", justify="right")
    for name in (*DIMENSIONS[:3], "wage", "supplies", "belongs to"):
        table.add_column(name, justify="left" if " " in name or name == "supplies" else "right")
    a, b = first.path.set_index("tick"), second.path.set_index("tick")
    ticks = sorted({*a.index, *b.index})
    step = max(1, len(ticks) // _GLANCES)
    for tick in (*ticks[:-1:step], ticks[-1]):
        cells = [str(tick) if tick >= 0 else "start"]
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
    table = _table("Practices mastered by learning, by channel")
    table.add_column("channel")
    for life in (first, second):
        table.add_column(life.trace.label, justify="right")
    counts = [life.lessons.groupby("channel")["practices"].sum() for life in (first, second)]
    for channel in dict.fromkeys((*counts[0].index, *counts[1].index)):
        table.add_row(channel, *(str(int(count.get(channel, 0))) for count in counts))
    return table


def _both_milestones(first: Life, second: Life, pair: Pair) -> Table:
    """What befell one and not the other, from the parting on."""
    start = pair.parting.tick if pair.parting else 0
    table = _table("What befell one and not the other", "Lessons, ties and the world are left out.")
    for name in ("quarter", first.trace.label, second.trace.label):
        table.add_column(name, justify="right" if name == "quarter" else "left")
    sides = [
        {(e.tick, f"{e.kind} {e.what}".strip(), agent_of(life.trace, e.who)): None
         for e in life.events
         if e.kind not in (*LEARNED, "tie", "world") and e.tick >= start}
        for life in (first, second)
    ]  # fmt: skip
    for event in sorted({*sides[0]} ^ {*sides[1]}):
        text = f"{event[1]} {event[2]}".strip()
        table.add_row(str(event[0]), *(text if event in side else "" for side in sides))
    return table
