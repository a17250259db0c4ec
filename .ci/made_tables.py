"""Tables and statements of docs/ that are made from the code, so that they tell nothing else than it does.

A page holds regions between ``<!-- made: NAME -->`` and ``<!-- end -->``; this fills them:

    uv run python .ci/made_tables.py            # writes the pages
    uv run python .ci/made_tables.py --check    # only says which are out of step, with exit code 1

``MADE`` lists the regions that there are. A test holds the pages to them.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from calibration.evidence.case_tables import DATA
from calibration.evidence.starting_conditions import load_starting_points
from calibration.posterior.measurement_model import PARAMETERS as SCORING
from calibration.posterior.measurement_model import PREFIX as SCORING_PREFIX
from calibration.posterior.shipped_posterior import shipped_posterior, shipped_screening
from calibration.prior.translation import SPACING
from model.measures import MEASURES
from model.parameters import catalogue
from model.scenario import schema, sector_keys
from model.scenario.changes import LAID_AT_THE_START
from model.scenario.expected import Expected, follow, known_keys
from model.scenario.faults import toml_value
from model.scenario.files import load_document
from model.theory.interaction import SOURCES
from model.theory.mechanism import SUBJECTS, Mechanism, Parameter
from model.theory.practices import DIMENSIONS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REGION = re.compile(r"(<!-- made: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
ENTITIES = {
    "firm": "FIRM",
    "tie": "TIE",
    "chain": "CHAIN",
    "institution": "INSTITUTION",
    "community": "COMMUNITY",
    "sector": "SECTOR",
    "instrument": "INSTRUMENT",
}
KINDS = {"f8": "number", "i8": "whole", "i4": "whole", "i2": "whole", "i1": "whole"}


def rows(head: tuple[str, ...], body: Iterable[tuple[object, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *body]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def schedule() -> str:
    """The numbered events of a quarter, from the docstring of the loop."""
    text = import_module("model.engine.tick").__doc__ or ""
    events = re.search(r"^ 1\. .*?(?=\n\nLearning)", text, re.DOTALL | re.MULTILINE)
    if events is None:
        raise ValueError("model/engine/tick.py: its docstring numbers no events")
    joined = re.sub(r"\n {4}", " ", events[0])
    return "\n".join(line.strip() for line in joined.splitlines())


def mechanisms() -> str:
    """One row a mechanism."""
    return rows(
        ("key", "mechanism", "question", "claim", "source", "neutral case"),
        (
            (m.key, f"`{m.name}`", m.question, m.claim, m.source, m.neutral)
            for m in catalogue()
        ),
    )  # fmt: skip


def mechanisms_in_short() -> str:
    """Files of the theory by what they are about."""
    return rows(
        ("letter", "about", "files"),
        (
            (letter, subject, ", ".join(m.name for m in catalogue() if m.key[0] == letter))
            for letter, subject in SUBJECTS.items()
        ),
    )


def parameters() -> str:
    """One row a number of the theory."""
    return rows(
        ("parameter", "default", "range", "unit", "meaning", "why this default"),
        (_parameter(m, p) for m in catalogue() for p in m.parameters),
    )


def _parameter(m: Mechanism, p: Parameter) -> tuple[object, ...]:
    default = ", ".join(f"{label} {value:g}".strip() for label, value in p.defaults().items())
    return (
        f"`{m.name}.{p.name}`", default, f"{p.low:g} to {p.high:g}",
        "whole, " * p.whole + p.unit, p.meaning, p.reason,
    )  # fmt: skip


def statements() -> str:
    """What each file of the theory says of its mechanism: claim, equation, source, neutral case."""
    found = [import_module("model.theory.practices"), *map(_module, catalogue())]
    return "\n\n".join(_statement(module.__doc__ or "") for module in found)


def _module(mechanism: Mechanism) -> Any:
    return import_module(f"model.theory.{mechanism.name}")


def _statement(text: str) -> str:
    """A docstring as Markdown: its first line a heading, what is indented a block as it stands."""
    first, _, rest = text.strip().partition("\n")
    parts = [f"#### {first.rstrip('.')}"]
    for part in re.split(r"\n\s*\n", rest.strip("\n")):
        if part.startswith("    "):
            parts.append(f"```text\n{textwrap.dedent(part).replace('``', '')}\n```")
        else:
            parts.append(_names_as_code(" ".join(part.split())))
    return "\n\n".join(parts)


def _names_as_code(text: str) -> str:
    return text.replace("``", "`").replace("<", "&lt;")


def measures() -> str:
    """What is measured of a community in a quarter."""
    return rows(
        ("measure", "unit", "formula", "source"),
        ((f"`{m.name}`", m.unit, m.formula, m.source) for m in MEASURES),
    )


def columns(entity: str) -> Callable[[], str]:
    """The state variables of one kind of entity, as ``model/world/tables.py`` declares them."""

    def made() -> str:
        return rows(("variable", "type", "what it is"), _columns(ENTITIES[entity]))

    return made


def _columns(record: str) -> Iterator[tuple[str, str, str]]:
    source = (ROOT / "model" / "world" / "tables.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == record:
            call = node.value
            assert isinstance(call, ast.Call)
            listed = call.args[0]
            assert isinstance(listed, ast.List)
            for entry in listed.elts:
                assert isinstance(entry, ast.Tuple)
                name, kind = (ast.literal_eval(part) for part in entry.elts[:2])
                shape = entry.elts[2].elts if len(entry.elts) > 2 else ()
                each = ", ".join(f"one a {_LENGTHS[ast.unparse(part)]}" for part in shape)
                said = " ".join(lines[entry.lineno - 1 : entry.end_lineno]).partition("# ")[2]
                kinds = f"{KINDS[kind]}{', ' * bool(each)}{each}"
                yield f"`{name}`", kinds, said.strip() or "-"


_LENGTHS = {
    "D": "kind of upgrading",
    "COMMUNITIES": "community (room for 512)",
    "CONTRACTS": "contract (2)",
    "len(PARTIES)": "party",
    "len(SERVICES)": "service",
    "len(SOURCES)": "source",
    "len(INSTRUMENTS)": "kind of instrument",
    "2": "kind, process and product",
}


def instrument_kinds() -> str:
    """One row a kind of policy instrument: whose rule it is, and what other rules read of it."""
    found = sorted(
        (kind.number, f"`{kind.name}`", f"{m.key} `{m.name}`", "yes" if kind.chooses else "no",
         kind.leaves or "nothing")
        for m in catalogue()
        if (kind := m.instrument)
    )  # fmt: skip
    head = ("kind", "mechanism", "picks firms", "what it leaves for rules (`aid`)")
    return rows(head, (row[1:] for row in found))


def scenario_keys() -> str:
    """Every key of a scenario but the numbers of the theory, with default and range."""
    return rows(("key", "default", "allowed", "what it is"), _keys((), schema.Scenario))


def _keys(key: tuple[str, ...], model: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in known_keys(model).items():
        here = (*key, name)
        there = follow(schema.Scenario, here)
        if here in (("parameters",), ("timetable",)):
            continue
        named = follow(schema.Scenario, (*here, "NAME"))
        if there.annotation is sector_keys.ByDimension:
            said = "from 0 to 1", f"{_said(there)}; one a kind of upgrading"
            yield f"`{'.'.join(here)}.KIND`", _standard(field), *said
        elif there.annotation is sector_keys.HoldingsByDimension:
            for row in _keys((*here, DIMENSIONS[0]), sector_keys.Holdings):
                yield row[0].replace(DIMENSIONS[0], "KIND"), *row[1:]
        elif _is_model(there.annotation):
            yield from _keys(here, there.annotation)
        elif getattr(there.annotation, "__origin__", None) is dict and _is_model(named.annotation):
            yield from _keys((*here, "NAME"), named.annotation)
        else:
            yield f"`{'.'.join(here)}`", _standard(field), _allowed(there), _said(there)


def _said(there: Expected) -> str:
    return next((note.description for note in there.notes if note.description), "") or ""


def _standard(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "not set" if field.default is None else f"`{toml_value(field.default)}`"


def _allowed(there: Expected) -> str:
    if there.choices:
        return ", ".join(map(str, there.choices))
    names = {bool: "true, false", int: "whole", float: "", str: "text"}
    return f"{names.get(there.annotation, 'names')} {there.bounds}".strip() or "number"


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def fixed_keys() -> str:
    """What a timetable cannot change."""
    return rows(
        ("table", "keys that stay as they are"),
        (
            (
                "pair of communities" if name == "TiesBetween" else name.lower(),
                ", ".join(f"`{key}`" for key in keys),
            )
            for name, keys in LAID_AT_THE_START.items()
        ),
    )


def sectors() -> str:
    """The sector tables that ship: what differs between trades."""
    tables = {
        path.stem: load_document(path).data
        for path in sorted((ROOT / "scenarios" / "sectors").glob("*.toml"))
    }
    plain: dict[str, Any] = {}
    for name, field in known_keys(sector_keys.Sector).items():
        if name not in ("title", "source", "holds", "tacitness", "start"):
            plain[name] = field.default
    body: list[tuple[object, ...]] = [
        (f"`{key}`", *(table.get(key, default) for table in tables.values()))
        for key, default in plain.items()
    ]
    for key in ("tacitness", "start"):
        body += [
            (f"`{key}.{d}`", *(table[key][d] for table in tables.values())) for d in DIMENSIONS
        ]
    for d in DIMENSIONS:
        body += [
            (
                f"`holds.{d}.{s}`",
                *(table["holds"].get(d, {}).get(s, 0) for table in tables.values()),
            )
            for s in SOURCES
        ]
    return rows(("key", *(table["title"] for table in tables.values())), body)


def starting_points() -> str:
    """How a degree of collective efficiency and governance codes become a community and its chains."""
    points = load_starting_points()
    body: list[tuple[object, ...]] = [
        (f"`communities.NAME.{key}`", g.low, g.medium, g.high, g.reason)
        for key, g in points.collective_efficiency.items()
    ]
    graded = rows(("key", "low", "medium", "high", "why"), body)
    orders = rows(
        ("governance", "domestic orders", "global orders", "why"),
        (
            (mode, *getattr(points.orders, mode).by_reach.values(), getattr(points.orders, mode).reason)
            for mode in type(points.orders).model_fields
        ),
    )  # fmt: skip
    unknown = points.not_given.ce_degree
    also = rows(
        ("number", "value", "why"),
        (
            ("firms of a cluster", points.firms.value, points.firms.reason),
            ("most that all chains order", points.orders_in_all.value, points.orders_in_all.reason),
            ("degree where none is given", unknown.degree.value, unknown.reason),
            *(
                (f"the same, {group}", entry.degree.value, entry.reason)
                for group, entry in points.not_given.ce_degree_of.items()
            ),
        ),
    )  # fmt: skip
    return f"{graded}\n\n{orders}\n\n{also}"


def in_short(page: str) -> Callable[[], str]:
    """The paragraph in bold in which a page that a command writes sums up its results."""

    def made() -> str:
        text = (DOCS / page).read_text(encoding="utf-8")
        found = re.search(r"^\*\*.+\*\*$", text, re.MULTILINE)
        if found is None:
            raise ValueError(f"docs/{page}: sums up nothing in bold")
        made_by = re.search(r"`uv run run.py [^`]+`", text)
        return f"> {found[0].strip('*')} ({made_by[0] if made_by else page}, [{page}](../{page}))"

    return made


def coding() -> str:
    """How a fact of a dossier becomes a key, from the file that the case writer reads."""
    told = tomllib.loads((DATA / "coding.toml").read_text(encoding="utf-8"))

    def tables(table: dict[str, Any], name: str) -> Iterator[tuple[str, str, str]]:
        """The table and those within it, each with its numbers and their reason."""
        numbers = {k: v for k, v in table.items() if k != "reason" and not isinstance(v, dict)}
        if numbers:
            said = ", ".join(f"{key} {value}" for key, value in numbers.items())
            yield f"`{name}`", said, table.get("reason", "")
        for key, value in table.items():
            if isinstance(value, dict):
                yield from tables(value, f"{name}.{key}" if name else key)

    return rows(("type of fact", "numbers", "why"), tables(told, ""))


def fitted() -> str:
    """What was inferred from the cases, beside the default of each number: ``shipped_posterior``."""
    sample = shipped_posterior()
    defaults = shipped_screening().set_index("key")["default"]
    middle = sample.quantile(0.5, interpolation="lower")
    ends = sample.quantile([0.025, 0.975])
    scoring = {f"{SCORING_PREFIX}{each.name}": each for each in SCORING}
    return rows(
        ("key", "default", "median", "central 95%", "meaning, where it is none of 7.13"),
        (
            (
                f"`{key.removeprefix('parameters.')}`",
                "" if key in scoring else f"{defaults[key]:.3g}",
                f"{middle[key]:.3g}",
                f"{ends[key].iloc[0]:.3g} to {ends[key].iloc[1]:.3g}",
                scoring[key].meaning if key in scoring else _of_cases(str(key)),
            )
            for key in sample
        ),
    )


def _of_cases(key: str) -> str:
    if key == SPACING:
        return "each starting condition of the tables above is medium + this x (it - medium)"
    return "key of that sector" if key.startswith("sectors.") else ""


def fitted_levels() -> str:
    """Sector means as the fitted model gives them, from the page of verdicts."""
    page = (DOCS / "verdicts.md").read_text(encoding="utf-8")
    found = re.findall(
        r"^\| GPR05 Tables 5 to 7: sector means: (.+?) \| (\w+) \| (.+?) to (\S+) \| (\S+) \(",
        page,
        re.M,
    )
    sectors = dict.fromkeys(sector for sector, *_ in found)
    each = {(sector, kind): told for sector, kind, *told in found}
    return rows(
        ("sector", *(f"{kind}: fitted (asked)" for kind in DIMENSIONS)),
        (
            (
                sector,
                *(
                    f"{told[2]} ({told[0]} to {told[1]})"
                    for told in (each[sector, kind] for kind in DIMENSIONS)
                ),
            )
            for sector in sectors
        ),
    )


MADE: dict[str, Callable[[], str]] = {
    "schedule": schedule,
    "mechanisms": mechanisms,
    "mechanisms_in_short": mechanisms_in_short,
    "parameters": parameters,
    "statements": statements,
    "measures": measures,
    "instrument_kinds": instrument_kinds,
    "scenario_keys": scenario_keys,
    "fixed_keys": fixed_keys,
    "sectors": sectors,
    "starting_points": starting_points,
    "coding": coding,
    "fitted": fitted,
    "fitted_levels": fitted_levels,
    "trials_in_short": in_short("trials.md"),
    "ablation_in_short": in_short("ablation.md"),
    **{f"state_{entity}": columns(entity) for entity in ENTITIES},
}


def filled(text: str) -> str:
    """The page with its regions made anew; KeyError for a region that there is none of."""
    return REGION.sub(lambda found: f"{found[1]}\n{MADE[found[2]]()}\n\n{found[3]}", text)


def main(only_check: bool) -> int:
    """Write the pages, or say which are out of step."""
    stale = []
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        new = filled(text)
        if new != text:
            stale.append(path.relative_to(ROOT).as_posix())
            if not only_check:
                path.write_text(new, encoding="utf-8", newline="\n")
    for name in stale:
        what = "out of step with the code" if only_check else "made anew"
        sys.stdout.write(f"{name}: {what}\n")
    return int(only_check and bool(stale))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
