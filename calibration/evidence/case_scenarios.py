"""From a row of the case table to a world to start from.

    degree of collective efficiency -> the community: ties, trust, joint action, external economies
    governance codes                -> one chain for each mode and reach
    sector group                    -> the sector table of that name
    upgrading scores                -> nothing: they are what the model has to answer

All numbers stand in `calibration/data/starting_points.toml`, each with its reason. `derivation`
turns a row into keys and values of a scenario; the files under `scenarios/cases/` are nothing but
that list written down. The community has the key of the case, so that results and evidence
can be matched. The files are written anew by

    uv run python -m calibration.evidence.case_scenarios
"""

import os
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from calibration.evidence.case_tables import GOVERNANCE_MODES, Case, Degree, governance, load_cases
from calibration.evidence.starting_conditions import StartingPoints, load_starting_points
from model.scenario.faults import Fault, InputError, show_path, toml_value
from model.theory.value_added import REACH

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASES = SCENARIOS / "cases"
SECTORS = SCENARIOS / "sectors"
SOURCE = "GPR05 Tables 3, 5, 6 and 7"
"""What the shipped case table is drawn from."""
NOT_GIVEN = "not given"


@dataclass(frozen=True)
class Step:
    """One key of a scenario, with what it was made from and why."""

    item: str
    """What the case table tells."""
    given: str
    """Its value there, in words; for an empty cell what it is taken as, and why."""
    key: str
    """Key of the scenario, as it is written in TOML."""
    value: str | float
    why: str
    note: str = ""
    """How a number came about, in a few words."""


def derivation(
    case: Case, sectors: str = "../sectors", points: StartingPoints | None = None
) -> list[Step]:
    """How a row becomes a scenario: every key of its sector, community and chains, in order.

    `sectors` is the folder of the sector tables as seen from the file to be written.
    """
    points = points or load_starting_points()
    group, here = case.sector_group, f"communities.{case.case}"
    way = "Firms of a group learn in the same way (GPR05 section 3b); its file tells which."
    firms = points.firms
    return [
        Step("sector group", group, f"sectors.{group}.extends", f"{sectors}/{group}.toml", way),
        Step("cluster", case.cluster, f"{here}.title", _place(case), "The name to go by."),
        Step("sector group", group, f"{here}.sector", group, way),
        Step("firms", NOT_GIVEN, f"{here}.firms", firms.value, firms.reason, NOT_GIVEN),
        *_community(case, here, points),
        *_chains(case, points),
    ]


def _community(case: Case, here: str, points: StartingPoints) -> Iterable[Step]:
    assumed = points.not_given.ce_degree_of.get(case.sector_group, points.not_given.ce_degree)
    degree = case.ce_degree or assumed.degree
    given = degree if case.ce_degree else f"{NOT_GIVEN}, taken as {degree}: {assumed.reason}"
    for key, entry in points.collective_efficiency.items():
        steps = ", ".join(f"{each} {entry.at(each):g}" for each in Degree)
        where = f"{here}.{key}"
        yield Step("collective efficiency", given, where, entry.at(degree), entry.reason, steps)


def _chains(case: Case, points: StartingPoints) -> Iterable[Step]:
    """One chain for each mode and reach; orders are scaled down where they ask for too much."""
    assumed, most = points.not_given.governance, points.orders_in_all
    is_given = None not in governance(case).values()
    codes = {} if is_given else {mode: getattr(assumed, mode) for mode in GOVERNANCE_MODES}
    wanted = _orders(case.model_copy(update=codes), points)
    in_all = round(sum(wanted.values()), 9)
    scale = min(1.0, most.value / in_all) if in_all else 1.0
    for (mode, reach), share in wanted.items():
        given = " and ".join(each for each in REACH if (mode, each) in wanted)
        if not is_given:
            given = f"{NOT_GIVEN}, taken as {given}: {assumed.reason}"
        why, note = getattr(points.orders, mode).reason, "share of places for firms"
        if scale < 1.0:
            why = f"{why} {most.reason}"
            note = f"{share:g} scaled by {most.value:g}/{in_all:g}"
        item, chain = f"{mode.replace('_', '-')} chains", f"chains.{mode}_{reach}"
        coded = "One chain for each mode and reach."
        yield Step(item, given, f"{chain}.governance", mode, coded)
        yield Step(item, given, f"{chain}.reach", reach, coded)
        yield Step(item, given, f"{chain}.orders", round(share * scale, 3), why, note)


def _orders(case: Case, points: StartingPoints) -> dict[tuple[str, str], float]:
    """Orders of each chain that the case sells into, before scaling, by mode and reach."""
    return {
        (mode, reach): getattr(points.orders, mode).by_reach[reach]
        for mode, where in governance(case).items()
        if where is not None
        for reach, sold in zip(REACH, where, strict=True)
        if sold
    }


def _place(case: Case) -> str:
    return f"{capital(case.industry)} in {case.cluster}"


def capital(text: str) -> str:
    """The text with a capital letter at its front."""
    return text[:1].upper() + text[1:]


def case_scenario(
    case: Case,
    sectors: str = "../sectors",
    source: str = SOURCE,
    points: StartingPoints | None = None,
) -> str:
    """The scenario of a case as TOML text; `sectors` and `points` as for `derivation`."""
    steps = derivation(case, sectors, points)
    counted = [step for step in steps if step.note and step.given != NOT_GIVEN]
    told = dict.fromkeys(f"{capital(step.item)}: {step.given}." for step in counted)
    lines = [
        f"# Written by calibration/evidence/case_scenarios.py from the row {case.case} of the case",
        "# table. To change it, change the table or calibration/data/starting_points.toml, which",
        "# holds the reasons, and then:  uv run python -m calibration.evidence.case_scenarios",
        "# Upgrading scores are not used: they are what the model has to answer.",
        "",
        f"title = {toml_value(f'{_place(case)}, {case.country}')}",
        f"description = {toml_value(' '.join(told))}",
        f"source = {toml_value(source)}",
    ]
    for table, entries in groupby(steps, key=lambda step: step.key.rpartition(".")[0]):
        lines += ["", f"[{table}]", *_entries(list(entries))]
    return "\n".join(lines) + "\n"


def _entries(steps: list[Step]) -> list[str]:
    """The lines of a table: above what is made from one thing that thing, beside numbers how."""
    lines = []
    for (item, given), group in groupby(steps, key=lambda step: (step.item, step.given)):
        several = list(group)
        written = [f"{step.key.rpartition('.')[2]} = {_value(step.value)}" for step in several]
        if len(several) > 1:
            lines += textwrap.wrap(f"# {item}: {given}", 98, subsequent_indent="# ")
        width = max(map(len, written))
        for step, entry in zip(several, written, strict=True):
            lines.append(f"{entry:{width}}  # {step.note}" if step.note else entry)
    return lines


def _value(value: str | float) -> str:
    return toml_value(value) if isinstance(value, str) else f"{value:.10g}"


def write_cases(
    folder: Path | str = CASES,
    cases: Iterable[Case] | None = None,
    source: str = SOURCE,
    sectors: Path | str = SECTORS,
) -> tuple[Path, ...]:
    """Write a scenario file for each case, by default those shipped; the files, in their order.

    `cases` may be rows of your own table, `source` what it is drawn from, `sectors` the folder with
    a file for each of its sector groups. Raises `InputError` when the folder can't be written.
    """
    folder = Path(folder)
    seen = Path(os.path.relpath(sectors, folder)).as_posix()
    files = []
    for case in load_cases() if cases is None else cases:
        path = folder / f"{case.case}.toml"
        text = case_scenario(case, seen, source)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            why = f"can't be written ({error.strerror})"
            raise InputError(Fault(show_path(path), "", "", why)) from None
        files.append(path)
    return tuple(files)


if __name__ == "__main__":
    try:
        write_cases()
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
