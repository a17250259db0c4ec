"""``run.py run SCENARIO``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, RunOptions


def run(
    scenario: Annotated[Path, typer.Argument(help="scenario file")],
    options: RunOptions,
    graph: Annotated[
        bool, typer.Option("--graph", help="also write the network at the end")
    ] = False,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger/--no-ledger",
            help="keep who learned what from whom, most of a large run's memory",
        ),
    ] = True,
) -> Facts:
    """Simulate one scenario and write its records."""
    from model.report.jobs import run_scenario

    return run_scenario(
        scenario, options.settings or [], options.replicates, options.seed, options.workers,
        options.target("run", scenario.stem), graph, options.console, options.quiet,
        ledger,
    )  # fmt: skip
