"""What the command ``run`` does: simulate, write results, print what came out."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from model.language import say
from model.provenance import DOOR
from model.records.capacity import bytes_on_disk, check_disk
from model.records.records import Records, simulate
from model.records.result_files import (
    check_writable,
    results_folder,
    write_manifest,
    write_parquet,
    write_table,
)
from model.report.progress import progress
from model.report.run_figures import SHOWN, figures
from model.report.style import save
from model.report.terminal_tables import series_table
from model.report.webpage.money_notes import warned
from model.scenario import load
from model.scenario.faults import show_path
from model.wording.numbers import counted
from model.world.network import to_graph, write_graph


def command_line() -> str:
    """The command that is running, as one would type it again."""
    return f"{DOOR} " + shlex.join(sys.argv[1:])


def peak_mb() -> float | None:
    """The most memory that this process has held, megabytes; None where the system does not say."""
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1e6 if sys.platform == "darwin" else 1024.0), 1)


def write_records(folder: Path, records: Records) -> None:
    """The tidy tables of every result folder: series and firms; with the ledger what it tells of, too."""
    write_parquet(records.series, folder, "series")
    write_parquet(records.firms, folder, "firms")
    if records.ensemble.keeps_ledger:
        write_parquet(records.ledger, folder, "ledger")
        write_parquet(records.network, folder, "network")
        write_parquet(records.participation, folder, "participation")


def run_scenario(
    file: Path,
    settings: list[str],
    replicates: int | None,
    seed: int | None,
    workers: int,
    target: Path,
    graph: bool,
    console: Console,
    quiet: bool,
    ledger: bool = True,
) -> dict[str, Any]:
    """Simulate one scenario file and write its records; returns the facts for ``--json``."""
    scenario = load(file, settings)
    check_writable(target)
    number = scenario.run.replicates if replicates is None else replicates
    need = number * bytes_on_disk(scenario, ledger)
    check_disk(need, target, f"the tables of {counted(number, 'run')}")
    start = time.monotonic()
    with progress(scenario.title, number * scenario.run.ticks, quiet) as tell:
        records = simulate({file.stem: scenario}, number, seed, workers, tell, ledger)
    with results_folder(target) as folder:
        write_records(folder, records)
        last = records.series[records.series["tick"] == records.series["tick"].max()]
        write_table(last, folder, "final", parquet=False)
        for name, make in figures(folder, records.manifest).items():
            save(make(), folder, name)
        if graph:
            for suffix in ("graphml", "json"):
                write_graph(
                    to_graph(records.ensemble.world, 0), folder / f"network_replicate_0.{suffix}"
                )
        spent = {file.stem: _spent(records)}
        lines = warned({file.stem: scenario}, spent, {file.stem: say("the run")})
        told = {"command": command_line(), "warnings": lines, "spent": spent}
        write_manifest(folder, records.manifest | told)
    console.print(series_table(records.series, scenario.title, scenario.money))
    for warning in lines:
        console.print(f"Warning: {warning}.")
    console.print(f"Results: {show_path(target)}")
    return {
        "out": str(target),
        "runs": number,
        "seconds": round(time.monotonic() - start, 2),
        "peak_mb": peak_mb(),
        "final": _means(records, SHOWN),
    }


def _spent(records: Records) -> float:
    """Public money over the run, mean over replicates."""
    country = records.country
    return float(country["public_cost"].sum() / country["replicate"].nunique())


def _means(records: Records, measures: tuple[str, ...]) -> dict[str, float]:
    country = records.country
    last = country[country["tick"] == country["tick"].max()]
    return {name: round(float(last[name].mean()), 4) for name in measures}
