"""``run.py report RESULT``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, OutputOptions


def report(
    result: Annotated[Path, typer.Argument(help="folder of results")], ending: OutputOptions
) -> Facts:
    """Write report.html into a folder of results, from the files that are there."""
    from model.report.webpage.report_file import report as make

    page = make(result)
    typer.echo(f"Report: {page}")
    return {"out": str(page)}
