"""``run.py explain RESULT --firm N``, and ``--reach``"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, InLanguage, ResultOptions


class ReachGoal(StrEnum):
    """What help is to bring about."""

    STANDARD = "standard"
    CONTRACT = "contract"


def explain(
    result: Annotated[Path, typer.Argument(help="folder that run or compare wrote")],
    options: ResultOptions,
    firm: Annotated[
        int | None, typer.Option("--firm", min=0, help="row of the firm in firms.parquet")
    ] = None,
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
    reach: Annotated[
        bool, typer.Option("--reach", help="the cheapest help over a buyer's standard")
    ] = False,
    community: Annotated[
        str | None,
        typer.Option("--community", metavar="NAME", help="with --reach: its firms, not one"),
    ] = None,
    buyer: Annotated[
        str | None,
        typer.Option("--buyer", metavar="CHAIN", help="with --reach; default: the nearest"),
    ] = None,
    goal: Annotated[
        ReachGoal, typer.Option("--goal", help="with --reach: its standard, or a contract")
    ] = ReachGoal.STANDARD,
    firms: Annotated[
        int | None,
        typer.Option("--firms", min=1, help="with --community: how many; default: half"),
    ] = None,
    start: Annotated[
        int | None,
        typer.Option(
            "--from", min=0, metavar="QUARTER", help="with --reach: first quarter of help"
        ),
    ] = None,
    by: Annotated[
        int | None,
        typer.Option(
            "--by", min=0, metavar="QUARTER", help="with --reach: by when; default: the end"
        ),
    ] = None,
    lang: InLanguage = "en",
) -> Facts:
    """Tell one firm's life, or its two lives under two policies; or what would have helped it.

    Figure and screen are in the language asked for; tables stay in English.
    """
    from model.language import speaking
    from model.scenario.faults import Fault, InputError

    name = result.resolve().name
    said = {"--community": community, "--buyer": buyer, "--firms": firms, "--from": start,
            "--by": by}  # fmt: skip
    only = [key for key, value in said.items() if value is not None]
    if not reach and (only or goal is not ReachGoal.STANDARD):
        raise InputError(Fault((only or ["--goal"])[0], "", "", "goes with --reach"))
    if reach:
        from model.report.reach.reach_standard import ReachAsked, reach_standard

        if (firm is None) == (community is None):
            allowed = "--reach asks about --firm N or about --community NAME, one of the two"
            raise InputError(Fault("--reach", "", "", allowed))
        if twin is not None or twin_scenario is not None:
            raise InputError(Fault("--twin", "", "", "does not go with --reach"))
        whom = f"firm_{firm}" if community is None else community
        target = options.target("explain", f"{name}_{whom}_reach")
        asked = ReachAsked(firm, born, community, buyer, goal.value, firms, start, by)
        with speaking(lang):
            return reach_standard(
                result, asked, replicate, scenario, target, options.console, options.quiet
            )
    from model.report.explain.explain_firm import explain_firm

    if firm is None:
        raise InputError(Fault("--firm", "", "", "which firm?", "its row in firms.parquet"))
    target = options.target("explain", f"{name}_firm_{firm}")
    with speaking(lang):
        return explain_firm(
            result, firm, born, replicate, scenario, twin, twin_scenario, target, options.console,
            options.quiet,
        )  # fmt: skip
