"""``run.py check FILE...``"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.options import Facts, OutputOptions, last_line

if TYPE_CHECKING:
    from model.experiments.question_files import OtherKind

OTHER_KINDS: list[Callable[[], OtherKind]] = []
"""Kinds of files that rooms above the model read; their doors put them here, to be made when needed."""


def check(
    files: Annotated[
        list[Path],
        typer.Argument(help="scenario, experiment, sweep, search, pattern, trial or mapping files"),
    ],
    ending: OutputOptions,
) -> Facts:
    """Validate files and do nothing else: one line for every fault, and for what is hardly meant."""
    from model.experiments.question_files import FRAGMENTS, check_file
    from model.scenario.faults import Fault, InputError, show_path
    from model.scenario.guards import warning_lines

    faults: list[Fault] = []
    warned: list[str] = []
    for file in files:
        try:
            checked = check_file(file, [make() for make in OTHER_KINDS])
            part = ", which other files extend" if checked.kind in FRAGMENTS else ""
            typer.echo(f"{show_path(file)}: a valid {checked.kind}{part}")
            warned += [f"{show_path(file)}: warning: {w}" for w in warning_lines(checked.worlds)]
        except InputError as error:
            faults += error.faults
    for line in warned:
        typer.echo(line)
    facts = {
        "files": len(files),
        "faults": [str(fault) for fault in faults],
        "warnings": warned,
    }
    if faults:
        if ending.as_json:
            last_line(facts)
        raise InputError(*faults)
    return facts
