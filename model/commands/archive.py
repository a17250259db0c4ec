"""``run.py archive RESULT``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, Out, OutputOptions


def archive(
    result: Annotated[Path, typer.Argument(help="folder of results")],
    ending: OutputOptions,
    out: Out = None,
    without_code: Annotated[
        bool, typer.Option("--without-code", help="leave out the sources")
    ] = False,
) -> Facts:
    """Pack a result with scenarios, sources and versions into a zip, for a repository with a DOI.

    --out names the zip file; without it RESULT.zip is written beside the folder.
    """
    from model.report.archive_file import write_archive

    target = out or result.resolve().with_name(f"{result.resolve().name}.zip")
    facts = write_archive(result, target, with_code=not without_code)
    typer.echo(f"Archive: {target} ({facts['files']} files, sha256 {facts['sha256'][:16]}...)")
    return facts
