"""``run.py mechanism new NAME``"""

from __future__ import annotations

import json
import re
from datetime import date
from keyword import iskeyword
from pathlib import Path
from string import Template
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from model.commands.options import ROOT, Facts, OutputOptions
from model.provenance import DOOR, PACKAGE

if TYPE_CHECKING:
    from model.scenario.faults import InputError

LONGEST = 85
"""Letters of a text that is given: it stands on one line of the file."""

THEORY = Template('''\
"""$key $title.

TO REPLACE: what happens, to whom, and what follows from it, in three or four sentences.

    after = before (1 + strength)       TO REPLACE by the equation; the rule below has none yet

$basis
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import ${kind_import}Mechanism, Parameter
$kind_number
MECHANISM = Mechanism(
    key="$key",
    name="$name",
    question=$question,
    claim="TO REPLACE: what it claims, in one sentence.",
    source=$source,
    equation="after = before (1 + strength)",
    neutral="strength = 0",
$kind_declared    parameters=(
        Parameter(
            "strength", $default, 0, 1, "share",
            "TO REPLACE: what a strength of 1 means",
            "TO REPLACE: why $default", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def $rule(before, params):
    """TO REPLACE: what becomes of a number; now it stays as it is, whatever the strength."""
    strength = params.$name.strength
    return before + 0.0 * strength
''')

KIND = {
    "kind_import": "InstrumentKind, ",
    "kind_number": "\n$constant = $number  # its number among the kinds of instruments\n",
    "kind_declared": '    instrument=InstrumentKind("$name", $constant),\n',
}
"""What the theory file of a policy instrument says besides; a mechanism of another sort says nothing."""

SCENARIO = Template("""\
# $title.
#
# $asked
title = "$title"
source = $source
kind = "$name"
""")

TESTS = Template('''\
"""$key $title."""

from hypothesis import given

from model.theory.$name import $rule
from tests.theory.records import neutral_params, params, shares


@given(shares)
def test_neutral_nothing_changes(before):
    assert $rule(before, neutral_params("$name")) == before


def test_to_replace_the_rule_does_something():
    """TO REPLACE by what is claimed: a closed form, a direction. It fails until the rule does something."""
    assert $rule(0.5, params($name={"strength": 1})) != 0.5
''')


def mechanism(
    action: Annotated[Literal["new"], typer.Argument(help="new: begin one")],
    name: Annotated[str, typer.Argument(help="its name: small letters, digits and _")],
    ending: OutputOptions,
    key: Annotated[
        str,
        typer.Option(
            "--key",
            help="letter of its subject (K, C, G, M, I, F, P), with a number or without; "
            "default: K, of an instrument P",
        ),
    ] = "",
    question: Annotated[
        str, typer.Option("--question", help="what it answers; ends with a question mark")
    ] = "",
    source: Annotated[
        str, typer.Option("--source", help="where it is from, with a year; default: your own idea")
    ] = "",
    off: Annotated[
        bool, typer.Option("--off", help="by default it changes nothing, as an idea on trial")
    ] = False,
    instrument: Annotated[
        bool, typer.Option("--instrument", help="public money pays it: a new kind of instrument")
    ] = False,
) -> Facts:
    """Begin a mechanism of the theory: its file, with one parameter and a rule to fill in, and its test.

    With --instrument also the file by which scenarios call the new kind of policy instrument.
    """
    title = name.replace("_", " ")
    question = question or f"What does {title} change?"
    source = source or f"an idea of our own, {date.today().year}"
    _check_place(name)
    _check_name(name)
    if instrument:
        _check_kind(name)
    _check_texts(question, source)
    words = {
        "name": name,
        "title": title.capitalize(),
        "key": _key(key or ("P" if instrument else "K")),
        "asked": question,
        "question": json.dumps(question, ensure_ascii=False),
        "source": json.dumps(source, ensure_ascii=False),
        "basis": fill(f"Source: {source}. Neutral: strength = 0.", 105),
        "default": "0" if off else "0.5",
        "rule": f"after_{name}",
    }  # fmt: skip
    words |= _kind(name) if instrument else dict.fromkeys(KIND, "")
    written = {_theory() / f"{name}.py": THEORY, _tests() / f"test_{name}.py": TESTS}
    if instrument:
        written[_instruments() / f"{name}.toml"] = SCENARIO
    for path, text in written.items():
        path.write_text(text.substitute(words), encoding="utf-8", newline="\n")
    files = [path.relative_to(ROOT).as_posix() for path in written]
    typer.echo(f"{', '.join(files[:-1])} and {files[-1]}. Next:")
    steps = _next_steps_of_instrument(words, files) if instrument else _next_steps(words, files)
    for number, line in enumerate(steps, 1):
        typer.echo(f"{number}. {line}")
    return {"name": name, "key": words["key"], "files": files}


_TABLES = "uv run python .ci/made_tables.py && uv run python -m model.scenario.reference"


def _next_steps(words: dict[str, str], files: list[str]) -> tuple[str, ...]:
    return (
        f"Fill in what says TO REPLACE, and call {words['rule']} where it belongs in model/engine/.",
        _TABLES,
        f"uv run pytest {files[1]} tests/theory/test_exam.py",
    )


def _next_steps_of_instrument(words: dict[str, str], files: list[str]) -> tuple[str, ...]:
    aid = f"aid[{words['constant']}]"
    return (
        "Fill in what says TO REPLACE.",
        "Let it spend: a function in model/engine/policy.py, a class in KINDS of bench/plain_policy.py.",
        f"If a rule elsewhere reads what it leaves: write community.{aid} or chain.{aid} there, read it "
        "in that rule and in its twin in bench/, and say in leaves=... of InstrumentKind what it is.",
        _TABLES,
        f"uv run pytest {files[1]} tests/theory/test_exam.py tests/engine/test_policy.py "
        "tests/bench/test_same_trajectories.py tests/scenario/test_library.py",
    )


def _kind(name: str) -> dict[str, str]:
    """What a theory file says of the kind of instrument that it declares."""
    from model.parameters import INSTRUMENTS

    words = {"name": name, "constant": name.upper(), "number": str(len(INSTRUMENTS))}
    return words | {key: Template(text).substitute(words) for key, text in KIND.items()}


def _theory() -> Path:
    return ROOT / "model" / "theory"


def _tests() -> Path:
    return ROOT / "tests" / "theory"


def _instruments() -> Path:
    return ROOT / "scenarios" / "instruments"


def _refused(key: str, value: str, allowed: str, hint: str = "") -> InputError:
    from model.scenario.faults import Fault, InputError, toml_value

    return InputError(Fault(f"{DOOR} mechanism new", key, toml_value(value), allowed, hint))


def _check_place(name: str) -> None:
    if PACKAGE or not _tests().is_dir():
        raise _refused(
            "NAME", name, "needs a clone of the repository, and this is an installed package",
            "clone it and write: uv run run.py mechanism new NAME",
        )  # fmt: skip


def _check_name(name: str) -> None:
    import numpy as np

    from model.parameters import Section

    if not re.fullmatch(r"[a-z][a-z0-9_]{2,30}", name):
        raise _refused("NAME", name, "must be 3 to 31 small letters, digits and _, a letter first")
    if iskeyword(name) or hasattr(np.record, name) or hasattr(Section, name):
        raise _refused(
            "NAME", name, "has a meaning in Python, or in the tables that hold parameters"
        )
    for folder in (ROOT / "model", ROOT / "calibration"):
        for path in folder.rglob(f"{name}.py"):
            if path.parent.name != "commands":
                there = path.relative_to(ROOT).as_posix()
                raise _refused(
                    "NAME", name, f"is taken by {there}", "no name stands for two things"
                )
    test = _tests() / f"test_{name}.py"
    if test.exists():
        raise _refused("NAME", name, f"is taken by {test.relative_to(ROOT).as_posix()}")


def _check_kind(name: str) -> None:
    from model.parameters import catalogue

    for each in catalogue():
        if each.instrument and each.instrument.name == name:
            raise _refused("NAME", name, f"is the kind of instrument of {each.name}")
    file = _instruments() / f"{name}.toml"
    if file.exists():
        raise _refused("NAME", name, f"is taken by {file.relative_to(ROOT).as_posix()}")


def _check_texts(question: str, source: str) -> None:
    if not question.endswith("?"):
        raise _refused("--question", question, "must end with a question mark")
    if not re.search(r"GPR05|MP17|\b\d{4}\b", source):
        raise _refused("--source", source, "must name a year", 'such as "Schmitz 1995, section 4"')
    for option, text in (("--question", question), ("--source", source)):
        if not 5 < len(text) <= LONGEST or text != text.strip() or not text.isprintable():
            raise _refused(option, text, f"must be one line of 6 to {LONGEST} letters")
        if "\\" in text or '"' in text:
            raise _refused(option, text, 'must have no \\ and no " in it')


def _key(wanted: str) -> str:
    """The key as wanted, or the next free number of its letter."""
    from model.parameters import catalogue
    from model.theory.mechanism import SUBJECTS

    taken = {mechanism.key: mechanism.name for mechanism in catalogue()}
    if not re.fullmatch(rf"[{''.join(SUBJECTS)}](\d{{1,2}}[a-z]?)?", wanted):
        subjects = ", ".join(f"{letter} {subject}" for letter, subject in SUBJECTS.items())
        raise _refused("--key", wanted, f"must begin with the letter of its subject: {subjects}")
    if wanted in taken:
        raise _refused("--key", wanted, f"is that of {taken[wanted]}")
    if len(wanted) > 1:
        return wanted
    numbers = [int(re.sub(r"\D", "", key)) for key in taken if key[0] == wanted]
    return f"{wanted}{max(numbers) + 1}"
