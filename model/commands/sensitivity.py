"""``run.py sensitivity FILE``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, PointOptions


def sensitivity(
    file: Annotated[Path, typer.Argument(help="sensitivity file")], options: PointOptions
) -> Facts:
    """Find what drives a result: screening, shares of variance, one at a time, where it fails."""
    from model.report.sensitivities import sensitivity_file

    return sensitivity_file(
        file, options.settings or [], options.replicates, options.seed,
        options.target("sensitivity", file.stem), options.how, options.console,
    )  # fmt: skip
