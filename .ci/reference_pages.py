"""Pages of the handbook that are written by the code: commands, keys, names in Python, columns, messages."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import highroad
import typer
from made_tables import fixed_keys, measures, parameters, rows, scenario_keys

import run
from model.provenance import DOOR
from model.records.records import COLUMNS
from model.scenario import load
from model.scenario.faults import InputError
from model.theory.interaction import CHANNELS

EXIT_CODES = ((0, "done"), (1, "the run failed, or a check did not hold"), (2, "bad input"),
              (130, "interrupted; nothing was written"))  # fmt: skip


def command_line() -> str:
    """Every command with its arguments and options."""
    group = typer.main.get_command(run.app)
    parts = [
        "# Command line",
        f"`{DOOR} COMMAND --help` says the same. Installed, the command is called `highroad`.",
        "Bad input ends with one line a fault: file, key, value, what is allowed, what to write.",
        rows(("exit code", "what it means"), EXIT_CODES),
        f"## The main job\n\n```text\n{DOOR} [OPTIONS]\n```\n\n{group.help}",
        _options(group),
    ]
    for name, each in group.commands.items():
        usage = " ".join([DOOR, name, *each.collect_usage_pieces(typer.Context(each))])
        help_text = inspect.cleandoc(each.help or "")
        parts.append(f"## {name}\n\n```text\n{usage}\n```\n\n{help_text}")
        parts.append(_options(each))
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(each: typer.core.TyperCommand) -> str:
    body = [line for p in each.params if not getattr(p, "hidden", False) for line in _option(p)]
    return rows(("argument or option", "default", "what it does"), body) if body else ""


def _option(p: typer.core.TyperOption | typer.core.TyperArgument) -> Iterator[tuple[object, ...]]:
    if p.name == "help":
        return
    is_option = isinstance(p, typer.core.TyperOption) or p.param_type_name == "option"
    name = ", ".join(p.opts) if is_option else (p.metavar or str(p.name).upper())
    default = "" if p.required or p.default in (None, False, "", ()) else f"`{p.default}`"
    if p.name == "workers":
        default = "all processors"
    yield f"`{name}`", "required" if p.required else default, getattr(p, "help", "") or ""


def scenario_reference() -> str:
    """Keys of a scenario file and numbers of the theory."""
    return "\n\n".join(
        (
            "# Keys of a scenario",
            "`scenarios/base.toml` shows the same as a file that runs, `uv run run.py schema` as "
            "JSON Schema, [Writing a scenario](../scenarios.md) tells how they are put together.",
            scenario_keys(),
            "## Numbers of the theory",
            "Each stands below `parameters`, as in `[parameters.absorption]` with `step = 7`. "
            "[ODD](../odd.md) has the equations.",
            parameters(),
            "## What a timetable cannot change",
            fixed_keys(),
            "## Measures",
            "What the series of a result hold, and what an experiment can ask for.",
            measures(),
        )
    )  # fmt: skip


def python_names() -> str:
    """What `from highroad import ...` gives, from the docstrings."""
    parts = ["# From Python", "What `from highroad import ...` gives."]
    for name in highroad.__all__:
        thing = getattr(highroad, name)
        if inspect.isclass(thing):
            kind = "autoexception" if issubclass(thing, Exception) else "autoclass"
            members = "" if kind == "autoexception" or name == "Scenario" else "\n   :members:"
            block = f".. {kind}:: highroad.{name}{members}"
        elif callable(thing):
            block = f".. autofunction:: highroad.{name}"
        else:
            continue
        parts.append(f"## {name}\n\n```{{eval-rst}}\n{block}\n```")
    return "\n\n".join(parts) + "\n"


def columns() -> str:
    """Columns that mean the same in every table of records."""
    return "\n\n".join(
        (
            "# Columns of records",
            "These mean the same in `series`, `firms`, `ledger` and `network`, as Parquet and as frames. "
            "[Files and columns](../results.md) tells which file has a row for what. All other columns of a "
            "series are [measures](scenario_keys.md).",
            rows(("column", "what it is"), ((f"`{name}`", what) for name, what in COLUMNS.items())),
            "In the ledger a `channel` is one of these, or `start`, `forgotten`, `overtaken`:",
            ", ".join(f"`{name}`" for name in CHANNELS) + ".",
        )
    )  # fmt: skip


MISTAKES = (
    ("a number out of range", "communities.valley.firms=-3"),
    ("a share above 1", "communities.valley.trust=1.5"),
    ("a key that is not there", "communities.valley.trsut=0.5"),
    ("a name that is not there", "communities.valey.trust=0.5"),
    ("a word where a number belongs", "across.ties=many"),
    ("none of the choices", "communities.valley.topology=smal"),
    ("a community of a trade that is not there", "communities.valley.sector=wine"),
    ("a number of the theory out of range", "parameters.absorption.step=99"),
    ("a mechanism that is not there", 'neutral=["redundency"]'),
    ("money without a currency table", "institutions.x.budget=2000000 USD a year"),
)
"""What is wrong, and the setting that makes it so; the model is asked what it says."""


def messages() -> str:
    """What is said of bad input, and what a command ends with."""
    parts = [
        "# Messages",
        "A message is one line: file, key, value, what is allowed, what to write. All faults of a file are "
        "told at once. These are said when the page is built, by giving the mistake to a scenario that ships "
        "(`--set` does the same).",
    ]
    for what, setting in MISTAKES:
        parts.append(f"*{what[0].upper()}{what[1:]}*\n\n```text\n{_said_of(setting)}\n```")
    parts += [
        "## Exit codes",
        rows(("exit code", "what it means"), EXIT_CODES),
        "`Failed: ...` is a fault of ours or of the machine (a full disk, say). `HIGHROAD_DEBUG=1` before "
        "the command shows where.",
    ]
    return "\n\n".join(parts) + "\n"


def _said_of(setting: str) -> str:
    try:
        load("four_wine_regions", [setting])
    except InputError as error:
        return str(error)
    raise ValueError(f"{setting}: is no mistake any more; see MISTAKES")


PAGES = {
    "reference/command_line.md": command_line,
    "reference/scenario_keys.md": scenario_reference,
    "reference/python.md": python_names,
    "reference/columns.md": columns,
    "reference/messages.md": messages,
}
