"""Highroad on the command line: parse, call, print. ``uv run run.py --help`` lists all."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

ROOT = Path(__file__).resolve().parent
app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="An agent-based laboratory of upgrading in clusters and value chains. "
    "Without a command it runs the main job: the forty clusters, and five institution designs.",
)

Out = Annotated[Path | None, typer.Option("--out", help="folder for the results")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="threads or processes")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="overrides the file's seed")]
Replicates = Annotated[
    int | None, typer.Option("--replicates", min=1, help="overrides the file's replicates")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="change a key of the scenario; repeatable"),
]
Cases = Annotated[
    Path | None,
    typer.Option("--cases", help="a case table of your own, in the form of the shipped one"),
]
Keep = Annotated[
    bool,
    typer.Option("--keep", help="put the result into the repository, for experiments and docs"),
]
Json = Annotated[bool, typer.Option("--json", help="end with one line of JSON, for scripts")]
Quiet = Annotated[bool, typer.Option("--quiet", help="print only results")]
On = Annotated[
    str, typer.Option("--on", metavar="dask=ADDRESS", help="run on the workers of a Dask scheduler")
]
ShardOf = Annotated[
    str, typer.Option("--shard", metavar="I/N", help="only the i-th of n parts, for job arrays")
]
Retry = Annotated[bool, typer.Option("--retry", help="try points again that failed before")]
StoreFile = Annotated[
    Path | None,
    typer.Option("--store", help="file that keeps finished points; default: beside --out"),
]
CORES = os.cpu_count() or 1
INTERRUPTED = 130  # exit code of a program that was told to stop


def console(quiet: bool = False) -> Any:
    """Where results are printed; wide enough for tables when the output is no terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120
    return Console(width=width, quiet=quiet, highlight=False, soft_wrap=False)


def finish(facts: dict[str, Any], wanted: bool) -> None:
    """The last line for scripts, where asked for."""
    if wanted:
        typer.echo(json.dumps(facts, ensure_ascii=False))


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    out: Out = None,
    workers: Workers = CORES,
    seed: Seed = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the main job if no command is given."""
    if context.invoked_subcommand is not None:
        given = [name for name in context.params if _is_given(context, name)]
        if given:
            option = given[0].removeprefix("as_")
            raise typer.BadParameter(
                f"--{option} goes after the command: run.py COMMAND --{option}"
            )
        return
    from calibration.main_job import main_job

    facts = main_job(ROOT, out or ROOT / "results" / "main", workers, seed, console(), quiet)
    finish(facts, as_json)


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


@app.command()
def cases(
    case: Annotated[str | None, typer.Argument(help="one cluster, in full")] = None,
    sector: Annotated[str | None, typer.Option(help="only this sector group")] = None,
    country: Annotated[str | None, typer.Option(help="only this country")] = None,
    governance: Annotated[str | None, typer.Option(help="only with chains so governed")] = None,
    as_json: Json = False,
) -> None:
    """List the forty clusters, or show one: what the paper says, what the model starts from."""
    from calibration.evidence import Case, load_cases
    from calibration.report_cases import case_page, cases_table, find_case, select

    screen = console()
    if case:
        chosen: tuple[Case, ...] = (find_case(load_cases(), case),)
        screen.print(case_page(chosen[0]))
    else:
        chosen = select(load_cases(), sector, country, governance)
        screen.print(cases_table(chosen, screen.width))
    finish({"cases": [c.case for c in chosen]}, as_json)


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="scenario, experiment, sweep or pattern files")
    ],
    as_json: Json = False,
) -> None:
    """Validate files and do nothing else: one line for every fault."""
    from model.experiments.kinds import check_file
    from model.scenario.faults import Fault, InputError, show_path

    faults: list[Fault] = []
    for file in files:
        try:
            kind = check_file(file)
            typer.echo(f"{show_path(file)}: a valid {kind}")
        except InputError as error:
            faults += error.faults
    finish({"files": len(files), "faults": [str(fault) for fault in faults]}, as_json)
    if faults:
        raise InputError(*faults)


@app.command()
def schema(
    kind: Annotated[
        str, typer.Argument(help="scenario, experiment, sweep, sensitivity or pattern")
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check."""
    from model.experiments.kinds import json_schema

    typer.echo(json.dumps(json_schema(kind), indent=1, ensure_ascii=False))


@app.command()
def theory(as_json: Json = False) -> None:
    """Print the catalogue of mechanisms: question, claim, source, file, parameters."""
    from model.report.catalogue import catalogue_facts, catalogue_table

    console().print(catalogue_table())
    finish(catalogue_facts(), as_json)


@app.command()
def run(
    scenario: Annotated[Path, typer.Argument(help="scenario file")],
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    settings: Settings = None,
    graph: Annotated[
        bool, typer.Option("--graph", help="also write the network at the end")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate one scenario and write its records."""
    from model.report.jobs import run_scenario

    target = out or ROOT / "results" / "run" / scenario.stem
    facts = run_scenario(
        scenario, settings or [], replicates, seed, workers, target, graph, console(), quiet
    )
    finish(facts, as_json)


@app.command()
def compare(
    experiment: Annotated[Path, typer.Argument(help="experiment file")],
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    settings: Settings = None,
    on: On = "",
    shard: ShardOf = "",
    retry: Retry = False,
    store: StoreFile = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the arms of an experiment on common random numbers and compare them in pairs."""
    from model.report.comparisons import compare_arms
    from model.report.pointwise import How

    target = out or ROOT / "results" / "compare" / experiment.stem
    how = How(workers, on, shard, retry, store, quiet)
    facts = compare_arms(experiment, settings or [], replicates, seed, target, how, console())
    finish(facts, as_json)


@app.command()
def sweep(
    file: Annotated[Path, typer.Argument(help="sweep file")],
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    settings: Settings = None,
    on: On = "",
    shard: ShardOf = "",
    retry: Retry = False,
    store: StoreFile = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a world at every point of a design; the same command resumes what was interrupted."""
    from model.report.pointwise import How
    from model.report.sweeps import sweep_file

    target = out or ROOT / "results" / "sweep" / file.stem
    how = How(workers, on, shard, retry, store, quiet)
    finish(sweep_file(file, settings or [], replicates, seed, target, how, console()), as_json)


@app.command()
def sensitivity(
    file: Annotated[Path, typer.Argument(help="sensitivity file")],
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    settings: Settings = None,
    on: On = "",
    shard: ShardOf = "",
    retry: Retry = False,
    store: StoreFile = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find what drives a result: screening, shares of variance, one at a time, where it fails."""
    from model.report.pointwise import How
    from model.report.sensitivities import sensitivity_file

    target = out or ROOT / "results" / "sensitivity" / file.stem
    how = How(workers, on, shard, retry, store, quiet)
    finish(
        sensitivity_file(file, settings or [], replicates, seed, target, how, console()), as_json
    )


@app.command()
def merge(
    file: Annotated[Path, typer.Argument(help="file whose shards are done")],
    shards: Annotated[
        list[Path] | None,
        typer.Option("--from", help="store of a shard; repeatable; default: those beside --out"),
    ] = None,
    replicates: Replicates = None,
    seed: Seed = None,
    out: Out = None,
    settings: Settings = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Put the shards of a job array together and write the results, as one run would have."""
    from model.experiments.kinds import check_file
    from model.report.comparisons import compare_arms
    from model.report.pointwise import How, merge_shards
    from model.report.sensitivities import sensitivity_file
    from model.report.sweeps import sweep_file

    commands = {
        "sweep": ("sweep", sweep_file),
        "experiment": ("compare", compare_arms),
        "sensitivity file": ("sensitivity", sensitivity_file),
    }
    kind = check_file(file)
    if kind not in commands:
        raise typer.BadParameter(
            f"{file} is a {kind}; only experiments, sweeps and sensitivity files have shards"
        )
    folder, command = commands[kind]
    target = out or ROOT / "results" / folder / file.stem
    merge_shards(target, shards or [], console(quiet))
    how = How(complete=True, quiet=quiet)
    facts = command(file, settings or [], replicates, seed, target, how, console())
    finish(facts, as_json)


@app.command()
def patterns(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="pattern files; default: all that ship, and the levels of the tables"),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="be content with intervals twice as wide")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="exit with 1 unless every pattern is reproduced")
    ] = False,
    horizons: Annotated[
        bool, typer.Option("--horizons", help="look again at the years that the files state")
    ] = False,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="instead: which rows die without each mechanism")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="with --ablate: also write docs/ablation.md")
    ] = False,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    settings: Settings = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Examine what the papers say as experiments: expected, found, verdict.

    A pattern that is contradicted is a finding, not a failure: the exit code is 0 without --strict.
    """
    from model.experiments.patterns.files import load_files
    from model.report.ablation import ablate_files
    from model.report.patterns import examine_files

    if keep and not ablate:
        raise typer.BadParameter("--keep goes with --ablate")
    if ablate and (horizons or strict):
        raise typer.BadParameter("--ablate goes with neither --horizons nor --strict")
    if files:
        chosen = load_files(files, settings or [])
    else:
        from calibration.patterns import shipped_patterns

        chosen = shipped_patterns(settings or [])
    changed, screen = settings or [], console()
    if ablate:
        page = ROOT / "docs" / "ablation.md" if keep else None
        target = out or ROOT / "results" / "ablation"
        found = ablate_files(chosen, changed, seed, workers, quick, page, target, screen, quiet)
        finish(found, as_json)
        return
    target = out or ROOT / "results" / "patterns"
    facts = examine_files(chosen, changed, seed, workers, quick, horizons, target, screen, quiet)
    finish(facts, as_json)
    chance = facts["no_effect_world"]["signs_met"]
    if strict and facts["contradicted"] + facts["undecided"] + chance:
        raise typer.Exit(1)


@app.command()
def calibrate(
    table: Cases = None,
    quick: Annotated[bool, typer.Option("--quick", help="a look, in under two minutes")] = False,
    screen: Annotated[
        bool, typer.Option("--screen", help="choose anew which numbers are free")
    ] = False,
    keep: Keep = False,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Infer the parameters, with their uncertainty, from a case table."""
    from calibration.calibrate_job import calibrate as infer

    target = out or ROOT / "results" / "calibrate"
    facts = infer(table, quick, screen, keep, seed, target, workers, console(), quiet)
    finish(facts, as_json)


@app.command()
def validate(
    table: Cases = None,
    quick: Annotated[bool, typer.Option("--quick", help="a look: few fits, no patterns")] = False,
    keep: Keep = False,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Predict what was not fitted, recover planted truths, and write what held and what failed."""
    from calibration.validate_job import validate as judge

    target = out or ROOT / "results" / "validate"
    facts = judge(ROOT, table, quick, keep, seed, target, workers, console(), quiet)
    finish(facts, as_json)


@app.command()
def explain(
    result: Annotated[Path, typer.Argument(help="folder that run or compare wrote")],
    firm: Annotated[int, typer.Option("--firm", min=0, help="row of the firm in firms.parquet")],
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
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell one firm's life, or its two lives under two policies and where they part."""
    from model.report.explain.job import explain_firm

    target = out or ROOT / "results" / "explain" / f"{result.resolve().name}_firm_{firm}"
    facts = explain_firm(
        result, firm, born, replicate, scenario, twin, twin_scenario, target, console(), quiet
    )
    finish(facts, as_json)


@app.command()
def report(
    result: Annotated[Path, typer.Argument(help="folder of results")],
    as_json: Json = False,
) -> None:
    """Write report.html into a folder of results, from the files that are there."""
    from model.report.webpage.job import report as make

    page = make(result)
    typer.echo(f"Report: {page}")
    finish({"out": str(page)}, as_json)


@app.command()
def view(
    scenario: Annotated[
        Path | None, typer.Argument(help="scenario file; default: four divided regions")
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
    """Look at a running world in the browser: play, move levers, compare two designs."""
    from model.viewer.launch import view

    if scenario is None:
        scenario = ROOT / "scenarios" / "worlds" / "four_wine_regions.toml"
        design = design or f"institutions.{'none' if twin else 'bridging'}"
    view(scenario, design, settings or [], seed, twin, host, port, browser, plain, typer.echo)


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
            return _complain(f"{error.format_message()} (run.py --help tells what there is)", 2)
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
