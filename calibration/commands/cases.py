"""The clusters on a terminal: all in one table, or one with what the model makes of it and from what.

`select` and `find_case` choose rows and answer an unknown name with one line; `cases_table` and
`case_page` return what rich prints.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from calibration.evidence.case_scenarios import (
    CASES,
    NOT_GIVEN,
    SOURCE,
    capital,
    derivation,
    write_cases,
)
from calibration.evidence.case_tables import (
    DIMENSIONS,
    GOVERNANCE_MODES,
    Case,
    Reach,
    governance,
    scores,
)
from calibration.evidence.dossiers import firms_scored, has_dossier
from calibration.evidence.steps import OURS, Step, written
from model.provenance import DOOR, PACKAGE
from model.scenario.expected import follow
from model.scenario.faults import (
    Fault,
    InputError,
    nearest,
    parse_key,
    show_path,
    show_value,
    suggest,
)
from model.scenario.schema import Scenario
from model.theory.value_added import REACH
from model.wording.numbers import decimals, fixed, interval, percent

MISSING = "–"
"""What stands for "not given" in the table."""

_FULL, _NARROW = 152, 91
"""Columns from which heads are whole words, and below which the industry is left out."""

_MODES = dict(zip(GOVERNANCE_MODES, ("mkt", "net", "q-h", "hier"), strict=True))
_KINDS = dict(zip(DIMENSIONS, ("prc", "prd", "fun", "int"), strict=True))
_WHOM = {
    "local": "Its scores are taken to describe locally owned firms, and are compared with those.",
    "foreign": "Its scores are taken to describe firms owned elsewhere, and are compared with those.",
    "mixed": "Its scores are taken to describe all firms, or it is not known whom.",
}
_LEGEND = (
    "CE: degree of collective efficiency. Chains governed by the market, as a network, a "
    "quasi-hierarchy, a hierarchy: D domestic, G global, · none. Upgrading of process, product, "
    f"functional, intersectoral: 0 absent to 3 high. {MISSING} not given."
)


def select(
    cases: Sequence[Case],
    sector: str | None = None,
    country: str | None = None,
    governance: str | None = None,
) -> tuple[Case, ...]:
    """The cases of a sector group, of a country, with a chain in a mode of governance.

    Capitals, blanks, hyphens and underscores make no difference. Raises `InputError` with one fault
    for each name that no case has; it lists the names there are.
    """
    chosen, faults = list(cases), []
    for option, wanted, names in (
        ("--sector", sector, lambda case: {case.sector_group}),
        ("--country", country, lambda case: {case.country}),
        ("--governance", governance, _modes),
    ):
        if wanted is None:
            continue
        known = {_plain(name): name for case in cases for name in names(case)}
        if _plain(wanted) not in known:
            hint = suggest(wanted, sorted(known.values()))
            faults.append(Fault("cases", option, show_value(wanted), "no cluster has it", hint))
        chosen = [case for case in chosen if known.get(_plain(wanted)) in names(case)]
    if faults:
        raise InputError(*faults)
    return tuple(chosen)


def find_case(cases: Sequence[Case], name: str) -> Case:
    """The case of that name; `InputError` with the nearest name if there is none."""
    for case in cases:
        if case.case == _plain(name):
            return case
    close = nearest(name, [case.case for case in cases])
    hint = f"did you mean {close}?" if close else f"{DOOR} cases lists them"
    raise InputError(Fault("cases", show_value(name), "", "no such cluster", hint))


def write(cases: Sequence[Case], table: Path | None, folder: str | None) -> tuple[Path, ...]:
    """Write a scenario for each case: the shipped ones in their place, those of one's own table in `folder`.

    Raises InputError where a table of one's own comes without a folder.
    """
    if folder is None and (table or PACKAGE):
        what = "a table of your own" if table else "an installed copy"
        hint = f"write: {DOOR} cases {'--cases FILE ' if table else ''}--write FOLDER"
        raise InputError(Fault("cases", "--write", "", f"{what} needs a folder", hint))
    source = show_path(table) if table else SOURCE
    return write_cases(CASES if folder is None else folder, cases, source)


def cases_table(cases: Sequence[Case], width: int = 100) -> Table:
    """The cases by sector group, for a terminal of `width` columns (80 or more)."""
    table = Table(
        title=f"{len(cases)} cluster{'' if len(cases) == 1 else 's'}",
        title_justify="left",
        caption=_LEGEND,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, int(width >= _FULL), 0, 0),
    )
    table.add_column("case", no_wrap=True)
    if width >= _NARROW:
        table.add_column("industry", min_width=12)
    table.add_column("country", no_wrap=True)
    table.add_column("CE", no_wrap=True)
    for name, short in _MODES.items():
        table.add_column(_head(name, short, width), no_wrap=True, justify="center")
    for name, short in _KINDS.items():
        table.add_column(_head(name, short, width), no_wrap=True, justify="right")
    for group, members in groupby(cases, key=lambda case: case.sector_group):
        table.add_row(Text(group, style="bold"))
        for case in members:
            table.add_row(
                case.case,
                *([Text(case.industry)] if width >= _NARROW else []),
                Text(case.country),
                case.ce_degree or MISSING,
                *map(_letters, governance(case).values()),
                *map(_score, scores(case).values()),
            )
        table.add_section()
    return table


def case_page(case: Case, source: str = SOURCE) -> RenderableType:
    """One case: what the paper says, what the model starts from, how the one became the other.

    `source` is what the case table is drawn from.
    """
    steps = derivation(case, source=source)
    elsewhere = (
        f"All else is as in scenarios/sectors/{case.sector_group}.toml and, for keys that no file "
        "says, as in scenarios/base.toml."
    )
    return Group(
        Text(f"{case.cluster}, {case.country}: {case.industry}\n", style="bold"),
        *_part("What the paper says", [_said(case, source)]),
        *([Text(_WHOM[firms_scored(case.case)] + "\n")] if has_dossier(case.case) else []),
        *_part("What the model starts from", [*_start(steps), Text(elsewhere)]),
        *_part("How the one was turned into the other", _turned(steps)),
        *(_part("What its scores tell of its components", _told(case)) if source == SOURCE else []),
        Text("No upgrading score is used above: they are what the model has to answer."),
    )


def _head(name: str, short: str, width: int) -> str:
    return name.replace("_", "-") if width >= _FULL else short


def _part(title: str, body: Iterable[RenderableType]) -> Iterator[RenderableType]:
    yield Text(title, style="bold underline")
    for each in body:
        yield from (Text(), each)
    yield Text("\n")


def _grid(*widths: int) -> Table:
    """Columns of these widths beside each other, folding, and one for words."""
    grid = Table.grid(padding=(0, 2), pad_edge=True)
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    grid.add_column(max_width=96, overflow="fold")
    return grid


def _said(case: Case, source: str) -> RenderableType:
    """Each column of the row in words, and where it stands in the paper."""
    grid = _grid(34, 27)
    for name, column in Case.model_json_schema()["properties"].items():
        value = getattr(case, name)
        words = NOT_GIVEN if value is None else _written(value)
        if (reach := governance(case).get(name)) is not None:
            words = f"{value}: {_words(reach)}"
        where = column["source"] if source == SOURCE else source
        grid.add_row(*map(Text, (column["description"], words, where)))
    return grid


def _start(steps: Iterable[Step]) -> Iterator[RenderableType]:
    """The community and the chains: each key with its value and what it means."""
    for table, entries in groupby(steps, key=lambda step: step.key.rpartition(".")[0]):
        if table.startswith("sectors."):
            continue
        grid = _grid(18, 24)
        for step in entries:
            meaning = follow(Scenario, parse_key(step.key)).description
            name = step.key.rpartition(".")[2]
            grid.add_row(*map(Text, (name, _written(step.value), meaning)))
        yield Group(Text(f"[{table}]", style="italic"), grid)


def _turned(steps: Iterable[Step]) -> Iterator[RenderableType]:
    """Each thing that the paper says, and below it the keys that it makes and why."""
    for (item, given), group in groupby(steps, key=lambda step: (step.item, step.given)):
        grid = _grid(30)
        steps_here = list(group)
        for (note, why), entries in groupby(steps_here, key=lambda step: (step.note, step.why)):
            keys = (f"{step.name} = {_written(step.value)}" for step in entries)
            reason = f"{capital(note)}. {why}" if note else why
            grid.add_row(Text("\n".join(keys)), Text(reason))
        told = dict.fromkeys(line for step in steps_here for line in step.told)
        found = dict.fromkeys(s.evidence.whole for s in steps_here if s.evidence != OURS)
        sources = "\n".join(told or found or ["a choice of this project"])
        yield Group(Text(f"{item}: {given}", style="italic"), Text(sources, style="dim"), grid)


def _told(case: Case) -> Iterator[RenderableType]:
    """Starting conditions within the case's degree, before its scores and after."""
    from calibration.posterior.credible_intervals import (
        FORECAST_LEVEL,  # slow: only for one cluster
    )
    from calibration.posterior.shipped_posterior import shipped_components

    table = shipped_components(case.case)
    if table.empty:
        yield Text("It has no score, or too few draws of the posterior bear its scores.")
        return
    yield Text(
        f"Mean and central {percent(FORECAST_LEVEL)} of each starting condition that stands for a component "
        "of collective efficiency, given the posterior that ships; narrower: share by which the standard "
        "deviation shrinks (docs/components.md)."
    )
    grid = Table(box=None, pad_edge=True, padding=(0, 2, 0, 0))
    for name in ("", "before its scores", "after", "narrower"):
        grid.add_column(name, justify="right" if name else "left", header_style="italic")
    for row in table.to_dict("records"):
        shown = decimals((row["prior_low"], row["prior_high"]), (row["low"], row["high"]))
        cells = (
            interval(row["prior_mean"], row["prior_low"], row["prior_high"], shown),
            interval(row["mean"], row["low"], row["high"], shown),
        )
        grid.add_row(str(row["component"]), *cells, f"{fixed(100 * row['contraction'], 1)}%")
    yield grid


def _modes(case: Case) -> set[str]:
    return {mode for mode, reach in governance(case).items() if reach and any(reach)}


def _letters(reach: Reach | None) -> str:
    if reach is None:
        return MISSING
    sold = [name[0].upper() for name, there in zip(REACH, reach, strict=True) if there]
    return "+".join(sold) or "·"


def _words(reach: Reach) -> str:
    sold = [name for name, there in zip(REACH, reach, strict=True) if there]
    return " and ".join(sold) or "none"


def _score(score: float | None) -> str:
    return MISSING if score is None else f"{score:g}"


def _written(value: object) -> str:
    return value if isinstance(value, str) else written(value)


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")
