"""The commands that need the evidence: what each takes; the jobs are called when one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.check import OTHER_KINDS
from model.commands.options import (
    ROOT,
    Facts,
    InLanguage,
    KeptOptions,
    OutputOptions,
    ResultOptions,
    Settings,
    WorkOptions,
    last_line,
)
from model.language import Language, speaking
from model.provenance import PACKAGE
from model.wording.markup import plain_console

if TYPE_CHECKING:
    from calibration.commands.study_options import StudyOptions
    from model.experiments.question_files import OtherKind


@dataclass(frozen=True)
class InferenceOptions(WorkOptions):
    """What inference from a case table takes."""

    table: Annotated[
        Path | None,
        typer.Option("--cases", help="a case table of your own, in the form of the shipped one"),
    ] = None
    keep: Annotated[
        bool,
        typer.Option("--keep", help="put the result into the repository, for experiments and docs"),
    ] = False


@dataclass(frozen=True)
class PatternOptions(KeptOptions):
    """What an examination of patterns takes."""

    settings: Settings = None


@dataclass(frozen=True)
class TrialOptions(WorkOptions):
    """What the replay of published studies takes."""

    settings: Settings = None


def main(options: WorkOptions, lang: Language) -> Facts:
    """Simulate the forty clusters, and five institution designs."""
    from calibration.commands.main_job import main_job

    return main_job(
        ROOT, options.target("main"), options.workers, options.seed, options.console, options.quiet,
        lang,
    )  # fmt: skip


def cases(
    ending: OutputOptions,
    case: Annotated[
        str | None, typer.Argument(help="one cluster, in full; with --write: the folder")
    ] = None,
    sector: Annotated[str | None, typer.Option(help="only this sector group")] = None,
    country: Annotated[str | None, typer.Option(help="only this country")] = None,
    governance: Annotated[str | None, typer.Option(help="only with chains so governed")] = None,
    table: Annotated[
        Path | None, typer.Option("--cases", help="a case table of your own instead")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="write a scenario for each cluster into the folder")
    ] = False,
) -> Facts:
    """List the forty clusters, show one with its evidence, or write their scenarios.

    cases --write renews scenarios/cases; cases --cases FILE --write FOLDER writes those of your own table.
    """
    from calibration.commands import cases as job
    from calibration.evidence.case_scenarios import SOURCE
    from calibration.evidence.case_tables import Case, load_cases
    from model.scenario.faults import show_path

    screen = plain_console()
    rows = load_cases(table) if table else load_cases()
    if case and not write:
        chosen: tuple[Case, ...] = (job.find_case(rows, case),)
        screen.print(job.case_page(chosen[0], show_path(table) if table else SOURCE))
        return {"cases": [c.case for c in chosen]}
    chosen = job.select(rows, sector, country, governance)
    if write:
        files = job.write(chosen, table, case)
        screen.print(f"{len(files)} scenarios in {show_path(files[0].parent) if files else '-'}")
        return {"cases": [c.case for c in chosen], "files": [show_path(file) for file in files]}
    screen.print(job.cases_table(chosen, screen.width))
    return {"cases": [c.case for c in chosen]}


def patterns(
    options: PatternOptions,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="pattern files; default: all that ship, and the levels of the tables (not ablated)"
        ),
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
        bool,
        typer.Option(
            "--keep",
            help="also write docs/ablation.md, or of all that ship docs/verdicts.md, in English",
        ),
    ] = False,
) -> Facts:
    """Examine what the papers say as experiments: expected, found, verdict; report tells it in all languages.

    A pattern that is contradicted is a finding, not a failure: the exit code is 0 without --strict.
    """
    from calibration.posterior.sector_levels import PATTERNS, shipped_patterns
    from calibration.posterior.shipped_posterior import shipped_medians
    from model.experiments.patterns.pattern_files import load_files
    from model.report.idle_mechanisms import ablate_files
    from model.report.pattern_verdicts import examine_files

    _may_keep(keep)
    if keep and (files or not (ablate or horizons)):
        raise typer.BadParameter("--keep goes with --ablate or --horizons, and with all that ship")
    if ablate and (horizons or strict):
        raise typer.BadParameter("--ablate goes with neither --horizons nor --strict")
    settings = options.settings or []
    if ablate:
        page = ROOT / "docs" / "ablation.md" if keep else None
        return ablate_files(
            load_files(files or sorted(PATTERNS.glob("*.toml")), settings), settings, options.seed,
            quick, page, options.target("ablation"), options.how, options.console,
        )  # fmt: skip
    chosen = load_files(files, settings) if files else shipped_patterns(settings, shipped_medians())
    facts = examine_files(
        chosen, settings, options.seed, quick, horizons, ROOT / "docs" / "verdicts.md" if keep else None,
        options.target("patterns"), options.how, options.console,
    )  # fmt: skip
    by_chance = facts["no_effect_world"]["signs_met"]
    if strict and facts["contradicted"] + facts["undecided"] + by_chance:
        if options.as_json:
            last_line(facts)
        raise typer.Exit(1)
    return facts


def trials(
    options: TrialOptions,
    files: Annotated[
        list[Path] | None, typer.Argument(help="trial files; default: all that ship")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", min=1, help="simulated studies of each; default: 504")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="a look: 48 simulated studies of each")
    ] = False,
    draws: Annotated[
        Path | None,
        typer.Option("--draws", help="a table of draws of numbers; default: the shipped posterior"),
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="the numbers of the files, and no draws")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="also write docs/trials.md and its figure, in English")
    ] = False,
    lang: InLanguage = "en",
) -> Facts:
    """Replay published programmes: where does the published effect fall among simulated studies?

    Figure and screen are in the language asked for; tables stay in English.
    """
    from calibration.posterior.shipped_posterior import FOLDER
    from model.experiments.parameter_draws import load_draws
    from model.experiments.trials.trial_file import load_trials
    from model.experiments.trials.virtual_trials import QUICK, SEEDS
    from model.report.virtual_trial_report import run_trials

    if defaults and draws:
        raise typer.BadParameter("--defaults takes no --draws")
    shipped = ROOT / "scenarios" / "trials"
    chosen = load_trials(files or sorted(shipped.glob("*.toml")), options.settings or [])
    sample = () if defaults else load_draws(draws or FOLDER / "posterior_theory.csv")
    with speaking(lang):
        return run_trials(
            chosen, sample, seeds or (QUICK if quick else SEEDS), options.seed, options.workers,
            ROOT / "docs" / "trials.md" if keep else None, options.target("trials"), options.console,
            options.quiet,
        )  # fmt: skip


def calibrate(
    options: InferenceOptions,
    quick: Annotated[bool, typer.Option("--quick", help="a look, in under two minutes")] = False,
    screen: Annotated[
        bool, typer.Option("--screen", help="choose anew which numbers are free")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", help="leave out a kind of evidence: scores, selection, table2, mp17, lives"
        ),
    ] = None,
    components: Annotated[
        bool,
        typer.Option(
            "--components",
            help="instead: what scores tell of each cluster's components of collective efficiency, given the "
            "posterior that ships",
        ),
    ] = False,
) -> Facts:
    """Infer the parameters, with their uncertainty, from a case table and the figures beside it.

    Figures and screen are in English.
    """
    from calibration.commands.calibrate import calibrate as infer
    from calibration.evidence.figures import check_without

    left_out = check_without(without or [])
    if components:
        return _components(options, quick, screen or bool(left_out))
    if left_out and options.keep:
        raise typer.BadParameter("--keep goes with all evidence, not with --without")
    return infer(_study(options, "calibrate", quick), screen, options.console, left_out)


def _components(options: InferenceOptions, quick: bool, fits: bool) -> Facts:
    """``calibrate --components``; ``fits``: whether an option of the fit was given, too."""
    from calibration.commands.components import infer_components

    if fits:
        raise typer.BadParameter(
            "--components takes the posterior that ships: no --screen, --without"
        )
    if options.keep and (options.table or quick):
        raise typer.BadParameter("--components --keep goes with neither --cases nor --quick")
    return infer_components(ROOT, _study(options, "components", quick), options.console)


def validate(
    options: InferenceOptions,
    quick: Annotated[bool, typer.Option("--quick", help="a look: few fits, no patterns")] = False,
) -> Facts:
    """Predict what was not fitted, recover planted truths, and write what held and what failed.

    Figures, page and screen are in English.
    """
    from calibration.commands.validate import validate as judge

    return judge(ROOT, _study(options, "validate", quick), options.console)


def rivals(
    options: InferenceOptions,
    quick: Annotated[bool, typer.Option("--quick", help="a look: few points and fits")] = False,
) -> Facts:
    """Set rival theories against each other on clusters left out, and say which datum would decide.

    Figure, page and screen are in English.
    """
    from calibration.commands.rivals import rivals as set_against

    return set_against(ROOT, _study(options, "rivals", quick), options.console)


def _may_keep(keep: bool) -> None:
    """Refuse to write into the folder of an installed package."""
    if keep and PACKAGE:
        raise typer.BadParameter(
            "--keep writes into a clone of the repository; this copy is installed"
        )


def _study(options: InferenceOptions, name: str, quick: bool) -> StudyOptions:
    """What a study is asked for; its results go into ``results/name`` by default."""
    _may_keep(options.keep)
    from calibration.commands.study_options import StudyOptions

    return StudyOptions(
        options.target(name), options.table, quick, options.keep, options.seed, options.workers,
        options.quiet,
    )  # fmt: skip


def new(
    options: ResultOptions,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--from", help="a filled sheet (.xlsx, .csv), or a table of firms with --mapping"
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="what the columns of a table of firms answer")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", help="only write the empty sheet to this .xlsx file"),
    ] = None,
    lang: InLanguage = "en",
) -> Facts:
    """Write a scenario of your own cluster, and an experiment: three ways to spend a budget.

    Takes a filled sheet or a table of firms; asks on the terminal where neither is given. Rows of firms
    stay on this machine: only sums over enough of them are written.
    """
    from calibration.commands.new import answers_from, write_own
    from calibration.survey.interview import interview
    from calibration.survey.own_scenario import slug
    from calibration.survey.template_sheet import write_template
    from model.scenario.faults import show_path

    if template:
        typer.echo(f"Sheet: {show_path(write_template(template))}")
        return {"out": str(template)}
    if mapping and not sheet:
        raise typer.BadParameter("--mapping goes with --from, the table that it is about")
    answers = answers_from(sheet, mapping) if sheet else interview(_ask, typer.echo)
    folder = options.target("new", slug(answers.value("title")))
    with speaking(lang):
        scenario, experiment, told = write_own(answers, folder)
    for line in [] if options.quiet else told:
        typer.echo(line)
    typer.echo(f"Scenario: {show_path(scenario)}")
    typer.echo(f"Next: uv run run.py compare {show_path(experiment)}")
    return {"out": str(folder), "scenario": str(scenario), "experiment": str(experiment)}


def _ask(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False))


def mapping_kind() -> OtherKind:
    """What ``check`` knows a mapping of ``new --mapping`` by; none of its tables may stand elsewhere."""
    from calibration.survey.microdata import read_mapping
    from model.experiments.question_files import OtherKind

    def validate(file: Path) -> None:
        read_mapping(file)

    return OtherKind("mapping of survey columns, for new --mapping",
                     frozenset(("take", "answers", "smallest_cell")), validate)  # fmt: skip


OTHER_KINDS.append(mapping_kind)
