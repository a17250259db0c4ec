"""``run.py view [SCENARIO, EXPERIMENT or FOLDER]``"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import ROOT, Seed, Settings

_SENT = "HIGHROAD_VIEW_SENT"  # set in the process that was started with the packages of the page


def view(
    scenario: Annotated[
        Path | None,
        typer.Argument(
            help="scenario file, experiment file (its arms are designs of its world), or a folder of "
            "both; default: four divided regions"
        ),
    ] = None,
    design: Annotated[
        str, typer.Option("--design", metavar="ARM", help="arm of an experiment on this world")
    ] = "",
    twin: Annotated[
        bool, typer.Option("--twin", help="two designs side by side, on the same random numbers")
    ] = False,
    seed: Seed = None,
    settings: Settings = None,
    host: Annotated[
        str, typer.Option("--host", help="who else may look: an address of this machine")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0, or if taken: a free one")
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="open the browser")] = True,
    plain: Annotated[bool, typer.Option("--plain", help="the page that Mesa brings")] = False,
) -> None:
    """Look at a running world in the browser: play, move levers, compare two designs.

    The page is in English.
    """
    from model.viewer.launch import missing
    from model.viewer.launch import view as serve

    if missing() and (again := _with_packages()):
        typer.echo("The page needs some more packages (0.4 GB). Once, uv installs them now.")
        os.environ[_SENT] = "1"
        if os.name == "posix":
            os.execv(again[0], again)  # in place of this process, which has nothing left to do
        raise typer.Exit(subprocess.run(again).returncode)
    if scenario is None:
        scenario = ROOT / "scenarios" / "worlds" / "four_wine_regions.toml"
        design = design or f"institutions.{'none' if twin else 'bridging'}"
    serve(scenario, design, settings or [], seed, twin, host, port, browser, plain, typer.echo)


def _with_packages() -> list[str]:
    """This command once more, with the packages of the page; nothing where ``uv run`` is not used.

    They are no part of what ``uv run run.py`` installs: the main job is done without them.
    """
    uv = os.environ.get("UV", "")
    if not uv or _SENT in os.environ or Path(sys.argv[0]).name != "run.py":
        return []
    return [uv, "run", "--project", str(ROOT), "--group", "viewer", "python", *sys.argv]
