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

from model.language import noted, say, say_many, say_name
from model.report.reach.aided_runs import AidedRun
from model.report.reach.cheapest_help import CheapestHelp, OtherReplicates
from model.report.reach.helps import OUTRIGHT, Names, Offer, Question
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
        return say("Firm {number} of {place}", number=question.rows[0], place=home)
    return say("{firms} of {place}", firms=counted(question.wanted, "firm"), place=home)


def buyer_of(question: Question) -> str:
    """What the scenario calls the buyer."""
    return title_of(question.scenario.chains, list(question.scenario.chains)[question.chain])


def headline(question: Question) -> str:
    """What was asked, in a few words."""
    return say(
        "{who} and the standard of {buyer}", who=firm_or_firms(question), buyer=buyer_of(question)
    )


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


def sentences(answer: CheapestHelp, said: Names, others: OtherReplicates | None) -> Iterator[str]:
    """What was found, in words."""
    question, without = answer.question, answer.without
    goal = _goal(question)
    if answer.needs_nothing:
        tick = without.reached(question.goal, question.wanted)
        yield _needs_nothing(question, goal, tick)
        return
    if question.alone:
        yield say("Without help it never reached {goal}.", goal=goal)
    else:
        most = without.most(question.goal)
        yield say_many(
            "Without help {firms} at most reached {goal} at a time, not {wanted}.",
            "Without help {firms} at most reached {goal} at a time, not {wanted}.",
            most,
            firms=counted(most, "firm"),
            goal=goal,
            wanted=question.wanted,
        )
    if answer.yardstick is not None:
        yield say(
            "Yardstick, no policy: {dose} taught outright in quarter {quarter} would do, for {money} if no "
            "lesson failed.",
            dose=_dose(answer.yardstick, said),
            quarter=question.start,
            money=_money(answer.yardstick.cost),
        )
    real = [outcome for outcome in answer.tried if outcome.help.offer != OUTRIGHT]
    found, tried = answer.found, counted(len(real), "dose")
    if found is None:
        dearest = max((outcome.help.price for outcome in real), default=0.0)
        yield say(
            "None of {doses} of help that were tried would have done, up to {money}.",
            doses=tried,
            money=_money(dearest),
        )
        return
    cheapest = {
        "doses": tried,
        "help": said[found.help.offer].title,
        "dose": _dose(found, said),
        "money": _money(found.cost),
    }
    if question.alone:
        yield say(
            "Cheapest of {doses} of help that were tried: {help}, {dose}, for {money}.", **cheapest
        )
    else:
        yield say(
            "Cheapest of {doses} of help that were tried: {help}, {dose}, for {money}, {each} for each firm "
            "more.",
            **cheapest,
            each=fixed(found.cost / answer.gained(found), 2),
        )
    yield _with_help(question, found)
    if others is None or others.replicates == 1:
        yield say("That is one replicate; nothing says that the same help would do in another.")
        return
    low, high = min(others.costs), max(others.costs)
    yield say(
        "That is one replicate. Of {replicates} the goal was reached in {without} without help, and in "
        "{helped} with the same help, for {low} to {high}.",
        replicates=counted(others.replicates, "replicate"),
        without=others.without,
        helped=others.helped,
        low=fixed(low, 2),
        high=_money(high),
    )


def _goal(question: Question) -> str:
    buyer = buyer_of(question)
    if question.goal == "standard":
        return say("the standard of {buyer}", buyer=buyer)
    return say("a contract with {buyer}", buyer=buyer)


def _needs_nothing(question: Question, goal: str, tick: int | None) -> str:
    if question.alone:
        return say(
            "Needs nothing: it reached {goal} in quarter {quarter} without help.",
            goal=goal,
            quarter=tick,
        )
    return say_many(
        "Needs nothing: {firms} reached {goal} in quarter {quarter} without help.",
        "Needs nothing: {firms} reached {goal} in quarter {quarter} without help.",
        question.wanted,
        firms=counted(question.wanted, "firm"),
        goal=goal,
        quarter=tick,
    )


def _with_help(question: Question, found: AidedRun) -> str:
    times = {goal: _when(found, goal, question) for goal in ("standard", "contract")}
    if question.alone:
        return say(
            "With this help it would have been over the standard {standard}, and with a contract {contract}.",
            **times,
        )
    return say_many(
        "With this help {firms} would have been over the standard {standard}, and with a contract "
        "{contract}.",
        "With this help {firms} would have been over the standard {standard}, and with a contract "
        "{contract}.",
        question.wanted,
        firms=counted(question.wanted, "firm"),
        **times,
    )


def _money(amount: float) -> str:
    return say("{amount} units of account", amount=fixed(amount, 2))


def _when(outcome: AidedRun, goal: str, question: Question) -> str:
    tick = outcome.reached(goal, question.wanted)
    return say("in no year") if tick is None else say("from quarter {quarter}", quarter=tick)


def _dose(outcome: AidedRun, said: Names) -> str:
    dose = outcome.help
    each = say("{dose} {unit}", dose=general(dose.dose), unit=said[dose.offer].unit)
    if dose.quarters == 1:
        return each
    return say(
        "{dose} a quarter for {quarters}", dose=each, quarters=counted(dose.quarters, "quarter")
    )


def reach_tables(
    answer: CheapestHelp, said: Names, gap: pd.DataFrame, others: OtherReplicates | None
) -> RenderableType:
    """The headline, the gap, what was tried, and the sentences."""
    question = answer.question
    head = Text.assemble(
        (headline(question), "bold"),
        "\n",
        say(
            "{world}; replicate {replicate}, help from quarter {quarter}",
            world=question.scenario.title,
            replicate=answer.without.replicate,
            quarter=question.start,
        ),
        "\n",
    )
    parts: list[RenderableType] = [head, _gap(question, gap)]
    if answer.tried:
        parts.append(_tried(answer, said))
    return Group(*parts, Text("\n".join(sentences(answer, said, others))))


def _plain(title: str, caption: str) -> Table:
    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, title_justify="left",
                 caption_justify="left", title_style="bold", pad_edge=False)  # fmt: skip


_LACKS = noted("It lacks the fewest practices that would bring one over, by kind and rung.")
_LACK = noted(
    "Firms lack, in the mean, the fewest practices that would bring one over, by kind and rung."
)


def _gap(question: Question, gap: pd.DataFrame) -> Table:
    table = _plain(say("The gap, without help"), say(_LACKS if question.alone else _LACK))
    few = {"standard": say("asks"), "capability": say("has"), "lacking": say("lacks")}
    counts = {} if question.alone else {"firms": say("firms"), "over": say("over it")}
    kinds = {
        f"{DIMENSIONS[kind]}_{rung}": f"{say_name(DIMENSIONS[kind])} {rung}"
        for kind in ASKED
        for rung in range(1, RUNGS + 1)
    }
    shown = {**counts, **few, **kinds}
    table.add_column(say("quarter"), justify="right")
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


def _tried(answer: CheapestHelp, said: Names) -> Table:
    table = _plain(
        say("Help that was tried"),
        say(
            "In units of account. {doses} on the list; what is dearer than the cheapest that suffices was "
            "not tried.",
            doses=counted(answer.listed, "dose"),
        ),
    )
    table.add_column(say("help"))
    for name in (say("doses"), say("up to"), say("suffices at")):
        table.add_column(name, justify="right")
    named = sorted(
        answer.tried, key=lambda outcome: (outcome.help.offer != OUTRIGHT, outcome.help.offer)
    )
    for offer, some in groupby(named, lambda outcome: outcome.help.offer):
        mine = list(some)
        enough = [outcome.cost for outcome in mine if answer.suffices(outcome)]
        dearest = max(outcome.help.price for outcome in mine)
        cheapest = fixed(min(enough), 2) if enough else say("none")
        table.add_row(said[offer].title, str(len(mine)), fixed(dearest, 2), cheapest)
    return table
