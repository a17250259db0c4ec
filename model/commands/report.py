"""``run.py report RESULT``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, InLanguage, OutputOptions


def report(
    result: Annotated[Path, typer.Argument(help="folder of results")],
    ending: OutputOptions,
    brief: Annotated[
        bool,
        typer.Option(
            "--brief", help="two pages to print, of compare, run or the main job: brief.html"
        ),
    ] = False,
    author: Annotated[str, typer.Option("--author", help="who signs the brief")] = "",
    lang: InLanguage = "en",
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="tables.xlsx instead: all tables, typed, with units")
    ] = False,
    csv: Annotated[
        bool,
        typer.Option(
            "--csv",
            help="tables/ instead: CSV as spreadsheets of the language open it (es, pt: semicolons and "
            "decimal commas)",
        ),
    ] = False,
) -> Facts:
    """Write report.html into a folder of results, from the files that are there; or tables for people."""
    from model.report.webpage.report_file import brief as make_brief
    from model.report.webpage.report_file import report as make
    from model.report.webpage.report_file import tables

    if author and not brief:
        raise typer.BadParameter("--author goes with --brief")
    if xlsx or csv:
        if brief:
            raise typer.BadParameter("--brief goes without --xlsx and --csv")
        written = tables(result, xlsx, csv, lang)
        for path in written:
            typer.echo(f"Tables: {path}")
        return {"out": str(result), "tables": [str(path) for path in written]}
    page = make_brief(result, author, lang) if brief else make(result, lang)
    typer.echo(f"{'Brief' if brief else 'Report'}: {page}")
    return {"out": str(page)}
