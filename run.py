"""Highroad on the command line: parse, call, print. ``uv run run.py --help`` lists all."""

from __future__ import annotations

import os
import sys

import typer

from calibration import command_line as evidence
from model.commands.archive import archive
from model.commands.check import check
from model.commands.compare import compare
from model.commands.explain import explain
from model.commands.mechanism import mechanism
from model.commands.merge import merge
from model.commands.network import network
from model.commands.options import ROOT as ROOT
from model.commands.options import InLanguage, WorkOptions, command
from model.commands.report import report
from model.commands.run import run
from model.commands.schema import schema
from model.commands.search import search
from model.commands.sensitivity import sensitivity
from model.commands.sweep import sweep
from model.commands.theory import theory
from model.commands.view import view
from model.provenance import DOOR

INTERRUPTED = 130  # exit code of a program that was told to stop

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="An agent-based laboratory of upgrading in clusters and value chains. "
    "Without a command it runs the main job: the forty clusters, and five institution designs.",
)

COMMANDS = (
    evidence.cases, evidence.new, check, schema, theory, run, compare, sweep, search, sensitivity,
    merge, evidence.patterns, evidence.trials, evidence.calibrate, evidence.validate, evidence.rivals,
    explain, report, archive, network, view, mechanism,
)  # fmt: skip
"""In the order in which ``--help`` lists them."""


def main(
    context: typer.Context, options: WorkOptions, lang: InLanguage = "en"
) -> dict[str, object] | None:
    """Run the main job if no command is given."""
    if context.invoked_subcommand is None:
        return evidence.main(options, lang)
    given = [name for name in context.params if _is_given(context, name)]
    if given:
        option = given[0].removeprefix("as_")
        raise typer.BadParameter(f"--{option} goes after the command: run.py COMMAND --{option}")
    return None


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


app.callback(invoke_without_command=True)(command(main))
for each in COMMANDS:
    app.command()(command(each))


def door(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. One clear line for anything that goes wrong.

    0 done, 1 the run failed, 2 bad input, 130 interrupted. ``HIGHROAD_DEBUG=1`` shows tracebacks.
    """
    try:
        code = int(app(arguments, standalone_mode=False) or 0)  # a command that exits says its code
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code
    except (KeyboardInterrupt, typer.Abort):
        return _complain("Interrupted. Nothing was written.", INTERRUPTED)
    except Exception as error:
        if hasattr(error, "faults"):
            return _complain(str(error), getattr(error, "exit_code", 2))
        if hasattr(error, "format_message"):  # what the parser says of a bad command line
            return _complain(f"{error.format_message()} ({DOOR} --help tells what there is)", 2)
        if os.environ.get("HIGHROAD_DEBUG"):
            raise
        line = (str(error).strip().splitlines() or [""])[0]
        hint = "HIGHROAD_DEBUG=1 shows where."
        return _complain(f"Failed: {type(error).__name__}: {line[:300]}. {hint}", 1)


def _complain(text: str, code: int) -> int:
    typer.echo(text, err=True)
    return code


if __name__ == "__main__":
    sys.exit(door())
