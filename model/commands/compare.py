"""``run.py compare EXPERIMENT``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, PointOptions


def compare(
    experiment: Annotated[Path, typer.Argument(help="experiment file")], options: PointOptions
) -> Facts:
    """Run the arms of an experiment on common random numbers and compare them in pairs."""
    from model.report.comparisons import compare_arms

    return compare_arms(
        experiment, options.settings or [], options.replicates, options.seed,
        options.target("compare", experiment.stem), options.how, options.console,
    )  # fmt: skip
