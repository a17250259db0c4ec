"""What ``explain --reach`` does: run the replicate again, ask who lacks what, and try what would help."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from model.engine.tick import QUARTERS
from model.language import say
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.explain.life import who_was_there
from model.report.explain.result import ResultFolder, choose_label, choose_replicate, read_result
from model.report.explain.trace import Trace, check_replay
from model.report.jobs import command_line
from model.report.progress import progress
from model.report.reach.aided_runs import NO_HELP, AidedRun, aided
from model.report.reach.cheapest_help import cheapest_help, in_other_replicates
from model.report.reach.helps import Question, names_of_help, offers
from model.report.reach.reach_figure import reach_figure
from model.report.reach.reach_tables import (
    gap_table,
    outcome_facts,
    reach_tables,
    tried_table,
)
from model.report.reach.shortfall import shortfall
from model.report.style import save
from model.scenario.faults import Fault, InputError, show_path, suggest

GOALS = ("standard", "contract")


@dataclass(frozen=True)
class ReachAsked:
    """What the command line asked for."""

    firm: int | None = None
    born: int | None = None
    community: str | None = None
    buyer: str | None = None
    goal: str = "standard"
    firms: int | None = None  # of the community
    start: int | None = None  # first quarter of help
    by: int | None = None  # last quarter that counts


def reach_standard(
    folder: Path,
    asked: ReachAsked,
    replicate: int | None,
    label: str | None,
    target: Path,
    console: Console,
    quiet: bool,
) -> dict[str, Any]:
    """Find the cheapest help that reaches the goal; returns the facts for ``--json``.

    Raises InputError for what is not there, ReplayError if the run done again is not the one recorded.
    """
    result = read_result(folder)
    label = choose_label(result, label, "--scenario")
    number = choose_replicate(result, replicate)
    check_writable(target)
    trace = Trace(result, label, number, _first_row(result, label, asked))
    with progress(f"replicate {number} again", trace.ticks, quiet) as tell:
        trace.run(tell)
    check_replay(trace)
    question = _question(trace, asked)
    begun = Trace(result, label, number, question.rows[0])
    if question.start:
        begun.ensemble.advance(question.start)
    institutions = trace.snapshots[question.start + 1].institutions
    on_offer = offers(question, begun.view, institutions)
    said = names_of_help(question, begun.view, institutions)
    with progress(
        "help tried", sum(len(offer.grid()) for offer in on_offer), quiet, "runs"
    ) as tell:
        answer = cheapest_help(question, number, on_offer, tell)
    best = answer.found or answer.yardstick
    others = None
    comparable = question.born in (None, 0)  # who enters later is another firm in another replicate
    if answer.found is not None and comparable:
        others = in_other_replicates(question, answer.found.help, result.manifest["replicates"])
    gap = gap_table(question, answer.without)
    helped = None if best is None else (best, gap_table(question, best))
    tried = tried_table(answer, on_offer)
    facts: dict[str, Any] = {
        "scenario": label,
        "replicate": number,
        "firm": question.rows[0] if question.alone else None,
        "community": question.home,
        "buyer": list(question.scenario.chains)[question.chain],
        "goal": question.goal,
        "firms": question.wanted,
        "start": question.start,
        "by": question.ticks - 1,
        "needs": "nothing"
        if answer.needs_nothing
        else "help"
        if answer.found
        else "more than was tried",
        "without": outcome_facts(answer, answer.without),
        "gap": gap.astype(object).where(gap.notna(), None).to_dict("records"),
        "outright": outcome_facts(answer, answer.yardstick),
        "cheapest": outcome_facts(answer, answer.found),
        "tried": len(answer.tried),
        "listed": answer.listed,
        "replicates": None if others is None else asdict(others),
    }
    with results_folder(target) as made:
        write_table(gap, made, "gap", parquet=False)
        write_table(tried, made, "helps", parquet=False)
        save(reach_figure(answer, said, gap, helped), made, "reach")
        write_manifest(made, {"command": command_line(), "facts": facts})
    console.print(reach_tables(answer, said, gap, others))
    console.print(say("Results: {folder}", folder=show_path(target)))
    return {"out": str(target)} | facts


def _first_row(result: ResultFolder, label: str, asked: ReachAsked) -> int:
    """The row of the firm, or of the first one of the community."""
    if asked.firm is not None:
        return asked.firm
    row, scenario = 0, result.scenario(label)
    for name, community in scenario.communities.items():
        if name == asked.community:
            return row
        row += community.places
    names = list(scenario.communities)
    there = f"is not in {label}; there are {', '.join(names)}"
    hint = suggest(asked.community or "", names)
    raise InputError(Fault("--community", asked.community or "", "", there, hint))


def _question(trace: Trace, asked: ReachAsked) -> Question:
    if asked.firm is None:
        born, first = None, trace.place
        home = list(trace.scenario.communities.values())[int(trace.snapshots[0].firm.community)]
        rows = tuple(range(first, first + home.firms))
        wanted = max(1, home.firms // 2) if asked.firms is None else asked.firms
        if not 1 <= wanted <= home.firms:
            allowed = f"the community has places for 1 to {home.firms} small firms"
            raise InputError(Fault("--firms", str(wanted), "", allowed))
    else:
        born, rows, wanted = who_was_there(trace, asked.born), (asked.firm,), 1
    question = Question(
        trace.scenario, _end(trace, asked), 0, asked.goal, _start(trace, asked, born), rows,
        int(trace.snapshots[0].firm.community), wanted, born,
    )  # fmt: skip
    return _with_buyer(trace, question, asked.buyer)


def _start(trace: Trace, asked: ReachAsked, born: int | None) -> int:
    """The first quarter of help: as asked, or the first turn of a year in the life of the firm."""
    if born is None:
        first, last = 0, _end(trace, asked) - 1
    else:
        life = [s.tick for s in trace.snapshots if s.firm.active and s.firm.born == born]
        first, last = max(0, born), min(life[-1] + 1, _end(trace, asked) - 1)
    if asked.start is None:
        return min(-(-first // QUARTERS) * QUARTERS, last)
    if not first <= asked.start <= last:
        whose = "the run" if born is None else "the life of the firm"
        allowed = f"help can begin in quarters {first} to {last}, {whose}"
        raise InputError(Fault("--from", str(asked.start), "", allowed))
    return asked.start


def _end(trace: Trace, asked: ReachAsked) -> int:
    """How many quarters count: up to the one asked for, or all."""
    if asked.by is None:
        return trace.ticks
    if not (asked.start or 0) <= asked.by < trace.ticks:
        allowed = f"the run has quarters 0 to {trace.ticks - 1}, and help begins before"
        raise InputError(Fault("--by", str(asked.by), "", allowed))
    return asked.by + 1


def _with_buyer(trace: Trace, question: Question, buyer: str | None) -> Question:
    """The question with the buyer asked for, or that whose standard was nearest and never reached."""
    here = [
        row
        for row in range(len(trace.names.chains))
        if trace.view.chains[row].communities[question.community]
    ]
    names = [trace.names.chains[row] for row in here]
    if not here:
        raise InputError(Fault("--buyer", buyer or "", "", f"nobody buys in {question.home}"))
    if buyer is not None:
        if buyer not in names:
            there = f"buys nothing in {question.home}; there are {', '.join(names)}"
            raise InputError(Fault("--buyer", buyer, "", there, suggest(buyer, names)))
        return replace(question, chain=here[names.index(buyer)])
    asked_of = [replace(question, chain=row) for row in here]
    return min(asked_of, key=lambda one: _nearness(one, trace.replicate))


def _nearness(question: Question, replicate: int) -> tuple[bool, float]:
    """Goals that were never reached first, the nearest of them first; then those reached last."""
    (outcome,) = aided(question, [NO_HELP], [replicate])
    tick = outcome.reached(question.goal, question.wanted)
    if tick is not None:
        return True, -tick
    return False, _least_lacking(question, outcome) if question.alone else -outcome.most(
        question.goal
    )


def _least_lacking(question: Question, outcome: AidedRun) -> float:
    found: list[float] = [
        len(shortfall(turn.firms[0], turn.chain, outcome.params))
        for turn in outcome.turns
        if question.there(turn.firms[0])
    ]
    return min(found, default=float("inf"))
