"""``run.py check FILE...``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, OutputOptions, last_line


def check(
    files: Annotated[
        list[Path], typer.Argument(help="scenario, experiment, sweep, pattern or trial files")
    ],
    ending: OutputOptions,
) -> Facts:
    """Validate files and do nothing else: one line for every fault."""
    from model.experiments.question_files import check_file
    from model.scenario.faults import Fault, InputError, show_path

    faults: list[Fault] = []
    for file in files:
        try:
            kind = check_file(file)
            typer.echo(f"{show_path(file)}: a valid {kind}")
        except InputError as error:
            faults += error.faults
    facts = {"files": len(files), "faults": [str(fault) for fault in faults]}
    if faults:
        if ending.as_json:
            last_line(facts)
        raise InputError(*faults)
    return facts
