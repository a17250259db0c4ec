"""``run.py explain RESULT --firm N``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, ResultOptions


def explain(
    result: Annotated[Path, typer.Argument(help="folder that run or compare wrote")],
    firm: Annotated[int, typer.Option("--firm", min=0, help="row of the firm in firms.parquet")],
    options: ResultOptions,
    born: Annotated[
        int | None,
        typer.Option("--born", min=0, help="quarter of entry; default: who is there last"),
    ] = None,
    replicate: Annotated[
        int | None, typer.Option("--replicate", min=0, help="default: the first of the result")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", metavar="LABEL", help="scenario or arm of the result"),
    ] = None,
    twin: Annotated[
        Path | None, typer.Option("--twin", help="another result: the same firm's other life")
    ] = None,
    twin_scenario: Annotated[
        str | None,
        typer.Option("--twin-scenario", metavar="LABEL", help="scenario or arm of the twin"),
    ] = None,
) -> Facts:
    """Tell one firm's life, or its two lives under two policies and where they part."""
    from model.report.explain.explain_firm import explain_firm

    target = options.target("explain", f"{result.resolve().name}_firm_{firm}")
    return explain_firm(
        result, firm, born, replicate, scenario, twin, twin_scenario, target, options.console,
        options.quiet,
    )  # fmt: skip
