"""What the command ``network`` does: run one replicate and write its graph at the quarters asked for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from model.engine.ensemble import Ensemble
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest
from model.report.jobs import command_line
from model.report.progress import progress
from model.scenario import load
from model.scenario.faults import Fault, InputError, show_path
from model.scenario.schema import Scenario
from model.world.build import build
from model.world.network import FORMATS, to_graph, write_graph

_TYPES = ("local", "across", "forum", "contract", "member")


def write_networks(
    file: Path,
    settings: list[str],
    seed: int | None,
    quarters: Sequence[int],
    target: Path,
    console: Console,
    quiet: bool,
) -> dict[str, Any]:
    """Write the graph of a scenario after each of ``quarters``, by default at the end of the run.

    A file a quarter and format, ``network_quarter_40.graphml``; returns the facts for ``--json``.
    """
    start = time.monotonic()
    scenario = _with_seed(load(file, settings), seed)
    horizon = scenario.run.ticks
    wanted = sorted(set(quarters)) or [horizon]
    if wanted[-1] > horizon:
        allowed = f"lies beyond the run of {horizon} quarters"
        hint = f"write --set run.ticks={wanted[-1]} for a longer one"
        raise InputError(Fault("", "--quarter", str(wanted[-1]), allowed, hint))
    check_writable(target)
    ensemble = Ensemble(build((scenario,), (0,)), horizon)
    counts = []
    with (
        results_folder(target) as folder,
        progress(scenario.title, wanted[-1], quiet, "quarters") as tell,
    ):
        for quarter in wanted:
            ensemble.advance(quarter, done=tell)
            graph = to_graph(ensemble.world)
            for suffix in FORMATS:
                write_graph(graph, folder / f"network_quarter_{quarter}.{suffix}")
            types = [str(kind) for *_, kind in graph.edges(data="type")]
            counts.append(
                {"quarter": quarter, "nodes": graph.number_of_nodes()}
                | {kind: types.count(kind) for kind in _TYPES}
            )
        asked = {
            "scenarios": {file.stem: scenario.model_dump(mode="json")},
            "replicates": [0],
            "quarters": wanted,
        }
        write_manifest(folder, asked | provenance(asked) | {"command": command_line()})
    console.print(_table(counts, scenario.title))
    console.print(f"Results: {show_path(target)}")
    seconds = round(time.monotonic() - start, 2)
    return {"out": str(target), "quarters": counts, "seconds": seconds}


def _with_seed(scenario: Scenario, seed: int | None) -> Scenario:
    if seed is None:
        return scenario
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"seed": seed})})


def _table(counts: Sequence[dict[str, int]], title: str) -> Table:
    shown = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in counts[0]:
        shown.add_column(name, justify="right")
    for row in counts:
        shown.add_row(*(f"{number:,}" for number in row.values()))
    return shown
