"""What ``explain --reach`` tells: the gap year by year, the help that was tried, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from model.report.reach.aided_runs import AidedRun
from model.report.reach.cheapest_help import CheapestHelp, OtherReplicates
from model.report.reach.helps import OUTRIGHT, Offer, Question
from model.report.reach.shortfall import ASKED, shortfall
from model.theory.practices import DIMENSIONS, RUNGS, capability
from model.theory.selection import felt_standard
from model.wording.numbers import MISSING, counted, fixed, general
from model.wording.titles import title_of

if TYPE_CHECKING:
    import pandas as pd

_YEARS = 10  # rows of the gap on a terminal


def firm_or_firms(question: Question) -> str:
    """Who is to be brought over the standard."""
    home = title_of(question.scenario.communities, question.home)
    if question.alone:
        return f"Firm {question.rows[0]} of {home}"
    return f"{counted(question.wanted, 'firm')} of {home}"


def buyer_of(question: Question) -> str:
    """What the scenario calls the buyer."""
    return title_of(question.scenario.chains, list(question.scenario.chains)[question.chain])


def gap_table(question: Question, outcome: AidedRun) -> pd.DataFrame:
    """A row a year: firms in question in business, over the standard, supplying, and what they lack.

    Numbers of practices are means over the firms in business: the fewest that would bring a firm over, in
    all and by kind and rung.
    """
    import pandas as pd

    rows = []
    for turn in outcome.turns:
        there = [firm for firm in turn.firms if question.there(firm)]
        if not there and question.alone:  # before its entry, or after its end
            continue
        lists = [shortfall(firm, turn.chain, outcome.params) for firm in there]
        row: dict[str, Any] = {
            "tick": turn.tick,
            "firms": len(there),
            "over": turn.over,
            "supplying": turn.supplying,
            "capability": _mean([capability(firm) for firm in there]),
            "standard": _mean([felt_standard(firm, turn.chain, outcome.params) for firm in there]),
            "lacking": _mean([len(found) for found in lists]),
        }
        for kind in ASKED:
            for rung in range(1, RUNGS + 1):
                mine = [sum(p.kind == kind and p.rung == rung for p in found) for found in lists]
                row[f"{DIMENSIONS[kind]}_{rung}"] = _mean(mine)
        rows.append(row)
    return pd.DataFrame(rows)


def _mean(values: list[Any]) -> float:
    return float(np.mean(values)) if values else float("nan")


def tried_table(answer: CheapestHelp, offers: list[Offer]) -> pd.DataFrame:
    """A row a dose of help that was tried, in rising order of what it cost."""
    import pandas as pd

    units = {offer.title: offer.unit for offer in offers}
    rows = [
        {
            "help": outcome.help.offer,
            "dose": outcome.help.dose,
            "unit": units[outcome.help.offer],
            "quarters": outcome.help.quarters,
            "price": outcome.help.price,
            "cost": outcome.cost,
            "suffices": answer.suffices(outcome),
            "standard": outcome.reached("standard", answer.question.wanted),
            "contract": outcome.reached("contract", answer.question.wanted),
            "most_over": outcome.most("standard"),
            "most_supplying": outcome.most("contract"),
        }
        for outcome in answer.tried
    ]
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else ["help", "cost", "suffices"])
    ticks = {"standard": "Int64", "contract": "Int64"} if rows else {}
    return table.astype(ticks).sort_values(["cost", "help"], kind="stable", ignore_index=True)


def outcome_facts(answer: CheapestHelp, outcome: AidedRun | None) -> dict[str, Any] | None:
    """An outcome as plain data."""
    if outcome is None:
        return None
    wanted, more = answer.question.wanted, answer.gained(outcome)
    return {
        "help": outcome.help.offer,
        "dose": outcome.help.dose,
        "quarters": outcome.help.quarters,
        "price": round(outcome.help.price, 6),
        "cost": round(outcome.cost, 6),
        "standard": outcome.reached("standard", wanted),
        "contract": outcome.reached("contract", wanted),
        "more_firms": more,
        "cost_a_firm": round(outcome.cost / more, 6) if more > 0 else None,
    }


def sentences(
    answer: CheapestHelp, offers: list[Offer], others: OtherReplicates | None
) -> Iterator[str]:
    """What was found, in words."""
    question, without = answer.question, answer.without
    who = "it" if question.alone else counted(question.wanted, "firm")
    buyer = buyer_of(question)
    goal = f"the standard of {buyer}" if question.goal == "standard" else f"a contract with {buyer}"
    if answer.needs_nothing:
        tick = without.reached(question.goal, question.wanted)
        yield f"Needs nothing: {who} reached {goal} in quarter {tick} without help."
        return
    if question.alone:
        yield f"Without help it never reached {goal}."
    else:
        most = counted(without.most(question.goal), "firm")
        yield f"Without help {most} at most reached {goal} at a time, not {question.wanted}."
    if answer.yardstick is not None:
        yield (
            f"Yardstick, no policy: {_dose(answer.yardstick, offers)} taught outright in quarter "
            f"{question.start} would do, for {_money(answer.yardstick.cost)} if no lesson failed."
        )
    real = [outcome for outcome in answer.tried if outcome.help.offer != OUTRIGHT]
    found, tried = answer.found, counted(len(real), "dose")
    if found is None:
        dearest = max((outcome.help.price for outcome in real), default=0.0)
        yield f"None of {tried} of help that were tried would have done, up to {_money(dearest)}."
        return
    more = answer.gained(found)
    each = "" if question.alone else f", {fixed(found.cost / more, 2)} for each firm more"
    yield (
        f"Cheapest of {tried} of help that were tried: {found.help.offer}, {_dose(found, offers)}, for "
        f"{_money(found.cost)}{each}."
    )
    yield (
        f"With this help {who} would have been over the standard {_when(found, 'standard', question)}, and "
        f"with a contract {_when(found, 'contract', question)}."
    )
    if others is None or others.replicates == 1:
        yield "That is one replicate; nothing says that the same help would do in another."
        return
    low, high = min(others.costs), max(others.costs)
    yield (
        f"That is one replicate. Of {counted(others.replicates, 'replicate')} the goal was reached in "
        f"{others.without} without help, and in {others.helped} with the same help, for {fixed(low, 2)} to "
        f"{_money(high)}."
    )


def _money(amount: float) -> str:
    return f"{fixed(amount, 2)} units of account"


def _when(outcome: AidedRun, goal: str, question: Question) -> str:
    tick = outcome.reached(goal, question.wanted)
    return "in no year" if tick is None else f"from quarter {tick}"


def _dose(outcome: AidedRun, offers: list[Offer]) -> str:
    dose = outcome.help
    unit = next(offer.unit for offer in offers if offer.title == dose.offer)
    if dose.quarters == 1:
        return f"{general(dose.dose)} {unit}"
    return f"{general(dose.dose)} {unit} a quarter for {counted(dose.quarters, 'quarter')}"


def reach_tables(
    answer: CheapestHelp, offers: list[Offer], gap: pd.DataFrame, others: OtherReplicates | None
) -> RenderableType:
    """The headline, the gap, what was tried, and the sentences."""
    question = answer.question
    head = Text.assemble(
        (f"{firm_or_firms(question)} and the standard of {buyer_of(question)}", "bold"),
        f"\n{question.scenario.title}; replicate {answer.without.replicate}, help from quarter "
        f"{question.start}\n",
    )
    parts: list[RenderableType] = [head, _gap(question, gap)]
    if answer.tried:
        parts.append(_tried(answer))
    said = Text("\n".join(sentences(answer, offers, others)))
    return Group(*parts, said)


def _plain(title: str, caption: str) -> Table:
    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, title_justify="left",
                 caption_justify="left", title_style="bold", pad_edge=False)  # fmt: skip


def _gap(question: Question, gap: pd.DataFrame) -> Table:
    whose = "It lacks" if question.alone else "Firms lack, in the mean,"
    table = _plain(
        "The gap, without help",
        f"{whose} the fewest practices that would bring one over, by kind and rung.",
    )
    few = {"standard": "asks", "capability": "has", "lacking": "lacks"}
    counts = {} if question.alone else {"firms": "firms", "over": "over it"}
    kinds = [f"{DIMENSIONS[kind]}_{rung}" for kind in ASKED for rung in range(1, RUNGS + 1)]
    shown = {**counts, **few, **{name: name.replace("_", " ") for name in kinds}}
    table.add_column("quarter", justify="right")
    for title in shown.values():
        table.add_column(title, justify="right")
    step = max(1, -(-len(gap) // _YEARS))
    for row in gap.iloc[::step].to_dict("records"):
        cells = [
            _cell(
                row[name], 2 if name in ("standard", "capability") else 0 if question.alone else 1
            )
            if name not in counts
            else str(row[name])
            for name in shown
        ]
        table.add_row(str(row["tick"]), *cells)
    return table


def _cell(value: float, places: int) -> str:
    return MISSING if np.isnan(value) else fixed(value, places) if value else ""


def _tried(answer: CheapestHelp) -> Table:
    table = _plain(
        "Help that was tried",
        f"In units of account. {counted(answer.listed, 'dose')} on the list; what is dearer than the "
        "cheapest that suffices was not tried.",
    )
    table.add_column("help")
    for name in ("doses", "up to", "suffices at"):
        table.add_column(name, justify="right")
    named = sorted(
        answer.tried, key=lambda outcome: (outcome.help.offer != OUTRIGHT, outcome.help.offer)
    )
    for offer, some in groupby(named, lambda outcome: outcome.help.offer):
        mine = list(some)
        enough = [outcome.cost for outcome in mine if answer.suffices(outcome)]
        dearest = max(outcome.help.price for outcome in mine)
        cheapest = fixed(min(enough), 2) if enough else "none"
        table.add_row(offer, str(len(mine)), fixed(dearest, 2), cheapest)
    return table
