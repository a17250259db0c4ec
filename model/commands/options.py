"""Options that commands share, each declared once, and how a group of them becomes a signature.

A command takes a dataclass of options as one argument; ``command`` shows its fields to the parser as
options of the command, and ends with the line of JSON where that was asked for.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from model.language import Language
from model.provenance import PACKAGE
from model.wording.markup import plain_console

if TYPE_CHECKING:
    from rich.console import Console

    from model.report.pointwise import How

ROOT = Path(__file__).resolve().parents[2]
"""Folder of the repository, or of the installed package."""
RESULTS = Path.cwd() / "results" if PACKAGE else ROOT / "results"
"""Where results go unless told otherwise: an installed copy writes where it is called."""
CORES = os.cpu_count() or 1

_LAST = ("as_json", "quiet")  # shown below what a command has of its own

Facts = dict[str, Any]
"""What a command ends with for ``--json``."""

Out = Annotated[Path | None, typer.Option("--out", help="where the results go")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="threads or processes")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="overrides the file's seed")]
Replicates = Annotated[
    int | None, typer.Option("--replicates", min=1, help="overrides the file's replicates")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="change a key of the scenario; repeatable"),
]
On = Annotated[
    str,
    typer.Option("--on", metavar="dask=ADDRESS", help="run on the workers of a Dask scheduler"),
]
Retry = Annotated[bool, typer.Option("--retry", help="try points again that failed before")]
KeptIn = Annotated[
    Path | None,
    typer.Option("--store", help="file that keeps finished points; default: beside --out"),
]
InLanguage = Annotated[
    Language, typer.Option("--lang", help="language: English, Spanish or Portuguese")
]
Json = Annotated[bool, typer.Option("--json", help="end with one line of JSON, for scripts")]
Quiet = Annotated[bool, typer.Option("--quiet", help="print only results")]


@dataclass(frozen=True)
class OutputOptions:
    """How a command ends."""

    as_json: Json = False


@dataclass(frozen=True)
class ResultOptions:
    """Where results go and how much is said on the way."""

    out: Out = None
    as_json: Json = False
    quiet: Quiet = False

    def target(self, *below: str) -> Path:
        """The folder asked for, or one below ``results`` that the command names."""
        return self.out or RESULTS.joinpath(*below)

    @property
    def console(self) -> Console:
        """Where results are printed."""
        return plain_console()


@dataclass(frozen=True)
class WorkOptions(ResultOptions):
    """A job that draws random numbers on some workers."""

    workers: Workers = CORES
    seed: Seed = None


@dataclass(frozen=True)
class KeptOptions(WorkOptions):
    """A job of many points, kept in a store so that it can be resumed; what is run is found on the way."""

    on: On = ""
    retry: Retry = False
    store: KeptIn = None

    @property
    def how(self) -> How:
        """How the points are run."""
        from model.report.pointwise import How

        return How(self.workers, self.on, "", self.retry, self.store, self.quiet)


@dataclass(frozen=True)
class RunOptions(WorkOptions):
    """Runs of a scenario or of the worlds of a file."""

    replicates: Replicates = None
    settings: Settings = None


@dataclass(frozen=True)
class PointOptions(RunOptions):
    """Runs of many points, kept in a store so that they can be resumed and spread."""

    on: On = ""
    shard: Annotated[
        str, typer.Option("--shard", metavar="I/N", help="only the i-th of n parts, for job arrays")
    ] = ""
    retry: Retry = False
    store: KeptIn = None

    @property
    def how(self) -> How:
        """How the points are run."""
        from model.report.pointwise import How

        return How(self.workers, self.on, self.shard, self.retry, self.store, self.quiet)


def last_line(facts: Facts) -> None:
    """The line for scripts; said here by a command that goes on to end with a fault."""
    typer.echo(json.dumps(facts, ensure_ascii=False))


def command(function: Callable[..., Facts | None]) -> Callable[..., None]:
    """The function as the parser wants it: the fields of option groups are options of its own."""
    hints = get_type_hints(function, include_extras=True)
    given = inspect.signature(function).parameters.values()
    groups = {p.name: hints[p.name] for p in given if is_dataclass(hints[p.name])}
    shown = [p.replace(annotation=hints[p.name]) for p in given if p.name not in groups]
    for group in groups.values():
        shown += _parameters(group)
    shown.sort(key=lambda parameter: parameter.name in _LAST)

    def call(**values: Any) -> None:
        made = {
            name: group(**{f.name: values.pop(f.name) for f in fields(group)})
            for name, group in groups.items()
        }
        facts = function(**values, **made)
        if facts is not None and any(getattr(group, "as_json", False) for group in made.values()):
            last_line(facts)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in shown}
    return call


def _parameters(group: type) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        yield inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_default(field),
            annotation=hints[field.name],
        )


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
