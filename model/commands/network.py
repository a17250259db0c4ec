"""``run.py network SCENARIO``"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, ResultOptions, Seed, Settings


@dataclass(frozen=True)
class GraphOptions(ResultOptions):
    """Which graphs of a scenario are written."""

    quarters: Annotated[
        list[int] | None,
        typer.Option(
            "--quarter", min=0, help="after so many quarters; repeatable; default: at the end"
        ),
    ] = None
    seed: Seed = None
    settings: Settings = None


def network(
    scenario: Annotated[Path, typer.Argument(help="scenario file")], options: GraphOptions
) -> Facts:
    """Write who is tied to whom: GraphML, node-link JSON and GEXF for network software."""
    from model.report.networks import write_networks

    return write_networks(
        scenario, options.settings or [], options.seed, options.quarters or [],
        options.target("network", scenario.stem), options.console, options.quiet,
    )  # fmt: skip
