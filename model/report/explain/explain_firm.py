"""What the command ``explain`` does: run the replicate again, tell one firm's life, or its two."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from model.language import ENGLISH, say, speaking
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.explain.life import Life, live, who_was_there
from model.report.explain.life_figure import life_figure
from model.report.explain.life_tables import life_tables, twin_tables
from model.report.explain.result import choose_label, choose_replicate, read_result
from model.report.explain.trace import Trace, check_replay
from model.report.explain.twins import Pair, run_together, twin_place
from model.report.jobs import command_line
from model.report.progress import progress
from model.report.style import save
from model.scenario.faults import show_path


def explain_firm(
    folder: Path,
    firm: int,
    born: int | None,
    replicate: int | None,
    label: str | None,
    twin_folder: Path | None,
    twin_label: str | None,
    target: Path,
    console: Console,
    quiet: bool,
) -> dict[str, Any]:
    """Tell a firm's life from a folder of results; returns the facts for ``--json``.

    Raises InputError for a result, scenario, replicate or firm that is not there, ReplayError if the
    run done again is not the one that was recorded.
    """
    result = read_result(folder)
    label = choose_label(result, label, "--scenario")
    number = choose_replicate(result, replicate)
    check_writable(target)
    first = Trace(result, label, number, firm)
    pair: Pair | None = None
    if twin_folder is None and twin_label is None:
        with progress(f"replicate {number} again", first.ticks, quiet) as tell:
            first.run(tell)
        check_replay(first)
    else:
        other = read_result(twin_folder) if twin_folder else result
        if twin_folder and twin_label is None and label in other.labels:
            twin_label = label
        twin_label = choose_label(other, twin_label, "--twin-scenario")
        choose_replicate(other, number)
        place = twin_place(first, other.scenario(twin_label))
        second = Trace(other, twin_label, number, place)
        with progress(f"replicate {number} again, twice", 2 * first.ticks, quiet) as tell:
            pair = run_together(first, second, tell)
        check_replay(first)
        check_replay(second)
    born = who_was_there(first, born)
    with speaking(ENGLISH):  # tables and facts are for programs
        lives = live(first, born), _twin(pair, born)
        facts = lives[0].facts()
        if pair is not None:
            facts["twin"] = _twin_facts(pair, lives[1])
    life, twin = live(first, born), _twin(pair, born)
    with results_folder(target) as made:
        _write(made, [one for one in lives if one is not None], facts)
        save(life_figure(life, twin, pair), made, "life")
    console.print(life_tables(life) if pair is None else twin_tables(life, twin, pair))
    console.print(say("Results: {folder}", folder=show_path(target)))
    return {"out": str(target)} | facts


def _twin(pair: Pair | None, born: int) -> Life | None:
    """The other life, if that firm ever was in the other world."""
    if pair is None:
        return None
    there = any(s.firm.active and s.firm.born == born for s in pair.second.snapshots)
    return live(pair.second, born) if there else None


def _twin_facts(pair: Pair, twin: Life | None) -> dict[str, Any]:
    parting = pair.parting
    return {
        "worlds_part": pair.worlds_part,
        "firms_touched": pair.touched,
        "parts": None if parting is None else parting.tick,
        "differences": [] if parting is None else [asdict(d) for d in parting.differences],
        "life": None if twin is None else twin.facts(),
    }


def _write(folder: Path, lives: list[Life], facts: dict[str, Any]) -> None:
    import pandas as pd

    told_events = [
        {"scenario": one.trace.label, **asdict(event)} for one in lives for event in one.events
    ]
    write_table(pd.DataFrame(told_events), folder, "events", parquet=False)
    paths = [one.path.assign(scenario=one.trace.label) for one in lives]
    write_table(pd.concat(paths, ignore_index=True), folder, "life", parquet=False)
    write_manifest(folder, {"command": command_line(), "facts": facts})
