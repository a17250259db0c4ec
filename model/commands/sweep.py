"""``run.py sweep FILE``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, PointOptions


def sweep(file: Annotated[Path, typer.Argument(help="sweep file")], options: PointOptions) -> Facts:
    """Run a world at every point of a design; the same command resumes what was interrupted."""
    from model.report.sweeps import sweep_file

    return sweep_file(
        file, options.settings or [], options.replicates, options.seed,
        options.target("sweep", file.stem), options.how, options.console,
    )  # fmt: skip
