"""From evidence on a cluster to a world to start from.

    degree of collective efficiency -> the community: ties, trust, joint action, external economies
    governance codes                -> one chain for each mode and reach
    sector group                    -> the sector table of that name
    years observed                  -> which year quarter 0 is
    owners and size of firms        -> large firms beside small ones
    institutions                    -> designs, by type, knowledge, governance, access, reach, founding year
    dated events                    -> a timetable
    upgrading scores                -> nothing: they are what the model has to answer

The first three come from the case table, the rest from dossiers, through the filter of
`docs/decisions/0004-cases-from-evidence.md`; a cluster of one's own has no dossier. All numbers stand in
`calibration/data/starting_points.toml` and `calibration/data/coding.toml`, each with its reason.
`derivation` turns evidence into keys and values of a scenario; the files under `scenarios/cases/` are nothing
but that list written down, each line with its source, kind and confidence. The community has the key
of the case, so that results and evidence can be matched. The files are written anew by

    uv run run.py cases --write
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from calibration.evidence.case_tables import GOVERNANCE_MODES, Case, Degree, governance, load_cases
from calibration.evidence.coding import Coding, load_coding
from calibration.evidence.dossiers import ClusterFact, Dossier, dossier_of
from calibration.evidence.event_steps import Start, event_steps, orders_at_start
from calibration.evidence.institution_steps import institution_steps
from calibration.evidence.starting_conditions import StartingPoints, load_starting_points
from calibration.evidence.steps import OURS, Evidence, Step
from model.scenario.faults import Fault, InputError, show_path, toml_value
from model.scenario.shipped_files import SHIPPED_FILES
from model.theory.value_added import REACH

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASES = SCENARIOS / "cases"
SECTORS = SCENARIOS / "sectors"
SOURCE = "GPR05 Tables 3, 5, 6 and 7"
"""What the shipped case table is drawn from."""
NOT_GIVEN = "not given"
LED = ("quasi_hierarchy", "hierarchy")
"""Modes of governance in which a leader governs the chain."""
_PRINTED = 0.9
"""Chance that a cell of a printed table is right and read right, as the dossiers have it."""


def derivation(
    case: Case,
    sectors: str = "../sectors",
    points: StartingPoints | None = None,
    source: str = SOURCE,
) -> list[Step]:
    """How evidence becomes a scenario: every key, table by table, in order.

    `sectors` is the folder of the sector tables as seen from the file to be written, `source` what the
    case table is drawn from.
    """
    points, coding = points or load_starting_points(), load_coding()
    dossier = dossier_of(case)
    group, here = case.sector_group, f"communities.{case.case}"
    way = "Firms of a group learn in the same way (GPR05 section 3b); its file tells which."
    named = "The name to go by."
    place, extends = _table(source, "Table 3"), f"{sectors}/{group}.toml"
    firms, places = points.firms, "places of the run, no count"
    chains = _chains(case, points, dossier, source)
    steps = [
        *_window(dossier),
        Step("sector group", group, f"sectors.{group}.extends", extends, way, evidence=place),
        Step("cluster", case.cluster, f"{here}.title", _place(case), named, evidence=place),
        Step("sector group", group, f"{here}.sector", group, way, evidence=place),
        Step("places", places, f"{here}.firms", firms.value, firms.reason, places),
        *_origin(dossier, here, coding),
        *_community(case, here, points, dossier, source),
        *_firms(dossier, here, coding),
        *chains,
    ]
    if dossier:
        led = [step.table.partition(".")[2] for step in chains if step.value in LED]
        steps += institution_steps(dossier, led, coding)
        steps += event_steps(dossier, _start(case, steps, led), coding)
    return steps


def _table(source: str, where: str) -> Evidence:
    """A cell of the case table."""
    return (
        Evidence("paper", f"GPR05 {where}", _PRINTED)
        if source == SOURCE
        else Evidence("table", source)
    )


def _window(dossier: Dossier | None) -> Iterator[Step]:
    if dossier is None:
        return
    row = dossier.facts.get("observed_until")
    evidence = Evidence.of(row) if row else Evidence("ours", "when GPR05 gathered its cases")
    words = row.words if row and row.words else f"{NOT_GIVEN}, taken as {dossier.last_year}"
    note = f"{dossier.first_year} to {dossier.last_year}"
    why = "A run ends with the last year that the sources look at; the rest of the score is as old."
    yield Step("years observed", words, "run.ticks", 4 * dossier.years, why, note, evidence)


def _origin(dossier: Dossier | None, here: str, coding: Coding) -> Iterator[Step]:
    if dossier and dossier.young:
        row, young = dossier.facts["origin"], coding.young
        given = f"{row.value}, {row.words}" if row.words else row.value
        yield Step(
            "origin", given, f"{here}.repertoire", young.repertoire, young.reason,
            f"young: began {row.value}", Evidence.of(row), _told(row, "Origin"),
        )  # fmt: skip


def _community(
    case: Case, here: str, points: StartingPoints, dossier: Dossier | None, source: str
) -> Iterable[Step]:
    assumed = points.not_given.ce_degree_of.get(case.sector_group, points.not_given.ce_degree)
    degree = case.ce_degree or assumed.degree
    given = degree if case.ce_degree else f"{NOT_GIVEN}, taken as {degree}: {assumed.reason}"
    evidence = _table(source, "Tables 5-7") if case.ce_degree else OURS
    alone = dossier.facts.get("economies") if dossier else None
    for key, entry in points.collective_efficiency.items():
        steps = ", ".join(f"{each} {entry.at(each):g}" for each in Degree)
        where, value, why = f"{here}.{key}", entry.at(degree), entry.reason
        if alone and key in ("labour_mobility", "associated"):
            absent = load_coding().absent
            value, why = (
                (entry.at(Degree.HIGH), entry.reason)
                if key == "labour_mobility"
                else (absent.value, absent.reason)
            )
            words = alone.words or ""
            yield Step(
                "conditions",
                words,
                where,
                value,
                why,
                f"in its words, not by degree; {steps}",
                Evidence.of(alone),
            )
        else:
            yield Step("collective efficiency", given, where, value, why, steps, evidence)


def _firms(dossier: Dossier | None, here: str, coding: Coding) -> Iterator[Step]:
    """Large firms at the place, their owners, and whether the cluster's own firms are large."""
    if dossier is None:
        return
    if row := dossier.facts.get("firm_size"):
        yield Step(
            "size of firms", row.words or row.value, f"{here}.workers", coding.firm_size.large,
            coding.firm_size.reason, "mean workers a firm", Evidence.of(row), _told(row, "Size of firms"),
        )  # fmt: skip
    if row := dossier.facts.get("large_firms"):
        given = f"{row.value}: {row.words}"
        foreign = getattr(coding.large.foreign, row.value)
        told = _told(row, "Large firms")
        owners = f"owners: {row.value}"
        large = f"{here}.large"
        yield Step(
            "large firms", given, f"{large}.firms", coding.large.firms, coding.large.reason,
            "the same number wherever there are some", OURS, told,
        )  # fmt: skip
        yield Step(
            "large firms", given, f"{large}.foreign", foreign, coding.large.foreign.reason, owners,
            Evidence.of(row), told,
        )  # fmt: skip


def _told(row: ClusterFact, what: str) -> tuple[str, ...]:
    words = f": {row.words}" if row.words else ""
    return (f"{what}{words}. {Evidence.of(row).whole}",)


def _chains(case: Case, points: StartingPoints, dossier: Dossier | None, source: str) -> list[Step]:
    """One chain for each mode and reach; orders are scaled down where they ask for too much."""
    assumed, most = points.not_given.governance, points.orders_in_all
    is_given = None not in governance(case).values()
    codes = {} if is_given else {mode: getattr(assumed, mode) for mode in GOVERNANCE_MODES}
    wanted = _orders(case.model_copy(update=codes), points)
    in_all = round(sum(wanted.values()), 9)
    scale = min(1.0, most.value / in_all) if in_all else 1.0
    at_start = orders_at_start(dossier, load_coding())
    evidence = _table(source, "Table 3") if is_given else OURS
    steps = []
    for (mode, reach), share in wanted.items():
        given = " and ".join(each for each in REACH if (mode, each) in wanted)
        if not is_given:
            given = f"{NOT_GIVEN}, taken as {given}: {assumed.reason}"
        why, note = getattr(points.orders, mode).reason, "share of places for firms"
        orders = share * scale
        if scale < 1.0:
            why = f"{why} {most.reason}"
            note = f"{share:g} scaled by {most.value:g}/{in_all:g}"
        item, chain = f"{mode.replace('_', '-')} chains", f"chains.{mode}_{reach}"
        coded = "One chain for each mode and reach."
        steps += [
            Step(item, given, f"{chain}.governance", mode, coded, evidence=evidence),
            Step(item, given, f"{chain}.reach", reach, coded, evidence=evidence),
        ]
        leader = dossier.facts.get("leader") if dossier else None
        if leader:
            rule = load_coding().leader
            part = sum(v for (m, _), v in wanted.items() if (m in LED) == (mode in LED))
            weight = rule.value if mode in LED else 1 - rule.value
            orders = share / part * weight * in_all * scale
            why, note = rule.reason, leader.words or ""
        if mode in LED and at_start < 1.0:
            orders *= at_start
            note = f"{note}; {at_start:g} of it before the first arrival"
        own = Evidence.of(leader) if leader else evidence
        steps.append(Step(item, given, f"{chain}.orders", round(orders, 3), why, note, own))
    return steps


def _start(case: Case, steps: list[Step], led: list[str]) -> Start:
    """What the timetable begins from."""
    value = {step.key: step.value for step in steps}
    before = orders_at_start(dossier_of(case), load_coding())
    chains = {}
    for key, reach in value.items():
        if key.startswith("chains.") and key.endswith(".reach"):
            name = key.split(".")[1]
            orders = float(str(value[f"chains.{name}.orders"]))
            chains[name] = str(reach), orders / before if name in led else orders, name in led
    inputs = float(str(value[f"communities.{case.case}.local_inputs"]))
    return Start(case.sector_group, case.case, inputs, chains)


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
    steps = derivation(case, sectors, points, source)
    lines = [
        f"# Written by calibration/evidence/case_scenarios.py from what is known of {case.case}.",
        "# To change it, change the evidence or the coding (starting_points.toml, coding.toml) in",
        "# calibration/data, and then:  uv run run.py cases --write",
        "# Behind each key: how it came about; kind of source (paper, page, memory, ours), source, chance",
        "# that it is right. Upgrading scores are not used: they are what the model has to answer.",
        "",
        f"title = {toml_value(f'{_place(case)}, {case.country}')}",
        f"description = {toml_value(_description(case, steps))}",
        f"source = {toml_value(_sources(source, steps))}",
    ]
    for table, entries in groupby(steps, key=lambda step: step.table):
        lines += ["", f"[{table}]", *_entries(list(entries))]
    return "\n".join(lines) + "\n"


def _description(case: Case, steps: list[Step]) -> str:
    """What the case is made from, in a few sentences."""
    degree = next(step for step in steps if step.item == "collective efficiency")
    chains = dict.fromkeys(
        f"{capital(step.item)}: {step.given}." for step in steps if step.item.endswith("chains")
    )
    said = [f"Collective efficiency: {degree.given}.", *chains]
    if described := _described(case):
        said.insert(0, f"Described as its source does: {described}.")
    said += [
        f"Quarter 0 is the first of {step.note[:4]}." for step in steps if step.key == "run.ticks"
    ]
    return " ".join(said)


def _described(case: Case) -> str:
    """What the sources look at, where the name of the cluster misleads; else nothing."""
    dossier = dossier_of(case)
    row = dossier.facts.get("described") if dossier else None
    return row.value if row else ""


def _sources(source: str, steps: list[Step]) -> str:
    beside = any(step.item in ("institution", "event", "large firms") for step in steps)
    return f"{source}; dossiers of calibration/data" if beside else source


def _comment(text: str) -> list[str]:
    """Lines of a comment; an address stays in one piece, so that it can be followed."""
    return textwrap.wrap(
        f"# {text}", 98, subsequent_indent="# ", break_long_words=False, break_on_hyphens=False
    )


def _entries(steps: list[Step]) -> list[str]:
    """The lines of a table: above them what they are made from, beside each how, and its evidence."""
    lines: list[str] = []
    for told in dict.fromkeys(line for step in steps for line in step.told):
        lines += _comment(told)
    for (item, given), group in groupby(steps, key=lambda step: (step.item, step.given)):
        several = list(group)
        entries = [f"{step.name} = {step.written}" for step in several]
        if len(several) > 1 and not several[0].told:
            lines += _comment(f"{item}: {given}")
        width = min(max(map(len, entries)), 44)
        for step, entry in zip(several, entries, strict=True):
            beside = "; ".join(filter(None, (step.note, step.evidence.brief)))
            lines.append(f"{entry:{width}}  # {beside}")
    return lines


def write_cases(
    folder: Path | str = CASES,
    cases: Iterable[Case] | None = None,
    source: str = SOURCE,
    sectors: Path | str = SECTORS,
) -> tuple[Path, ...]:
    """Write a scenario file for each case, by default those shipped; the files, in their order.

    `cases` may be rows of your own table, `source` what it is drawn from, `sectors` the folder with
    a file for each of its sector groups; those that ship are named as such, so that a scenario of your own
    can be moved. Raises `InputError` when the folder can't be written.
    """
    folder = Path(folder)
    if sectors == SECTORS and folder.resolve() != CASES:
        seen = f"{SHIPPED_FILES}{SECTORS.name}"
    else:
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
