"""Pages of the handbook that are written by the code: commands, keys of a scenario, names in Python."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click
import highroad
import typer
from made_tables import fixed_keys, measures, parameters, rows, scenario_keys

import run
from model.provenance import DOOR

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
        usage = " ".join([DOOR, name, *each.collect_usage_pieces(click.Context(each))])
        help_text = inspect.cleandoc(each.help or "")
        parts.append(f"## {name}\n\n```text\n{usage}\n```\n\n{help_text}")
        parts.append(_options(each))
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(each: click.Command) -> str:
    body = [line for p in each.params if not getattr(p, "hidden", False) for line in _option(p)]
    return rows(("argument or option", "default", "what it does"), body) if body else ""


def _option(p: click.Parameter) -> Iterator[tuple[object, ...]]:
    if p.name == "help":
        return
    is_option = isinstance(p, click.Option) or p.param_type_name == "option"
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
            "`scenarios/base.toml` shows the same as a file that runs, `uv run run.py schema` as JSON "
            "Schema, "
            "[Writing a scenario](../scenarios.md) tells how they are put together.",
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


PAGES = {
    "reference/command_line.md": command_line,
    "reference/scenario_keys.md": scenario_reference,
    "reference/python.md": python_names,
}
