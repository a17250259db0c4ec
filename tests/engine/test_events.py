"""What the docstrings of the engine say of the events of a quarter is what the engine does."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from model import engine
from model.engine import tick
from model.parameters import catalogue

SOURCE = Path(tick.__file__)
KEYS = {mechanism.key for mechanism in catalogue()}
MODULES = sorted(path.stem for path in Path(engine.__file__).parent.glob("[!_]*.py"))


def numbered(docstring: str) -> dict[int, str]:
    """The numbered events of a docstring."""
    found = re.split(r"^ ?(\d+)\. ", docstring.split("\n\nLearning is")[0], flags=re.MULTILINE)
    return dict(zip(map(int, found[1::2]), found[2::2], strict=True))


EVENTS = numbered(str(tick.__doc__))


def spelt(text: str) -> set[str]:
    """All keys that a text names in parentheses or in a range: P1-P4 is P1, P2, P3, P4."""
    found = set()
    for letters, low, high in re.findall(r"\b([A-Z])(\d)[a-z]?(?:-[A-Z]?(\d))?\b", text):
        found |= {f"{letters}{n}" for n in range(int(low), int(high or low) + 1)}
    return found


def called() -> list[tuple[int, str]]:
    """Event and name of each function that a quarter calls, in running order.

    A comment ``# event 3`` in the source holds until the next one.
    """
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    tree = ast.parse("\n".join(lines))
    advance, quarter = (
        next(x for x in tree.body if isinstance(x, ast.FunctionDef) and x.name == name)
        for name in ("advance", "advance_quarter")
    )
    calls = [
        (node.lineno, node.func.id)
        for function in (advance, quarter)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    event, found = 0, []
    for number in range(advance.lineno, int(quarter.end_lineno or 0) + 1):
        if mark := re.search(r"# event (\d+)", lines[number - 1]):
            event = int(mark[1])
        found += [(event, name) for line, name in sorted(calls) if line == number and event]
    return found


def test_events_are_numbered_in_running_order():
    assert list(EVENTS) == list(range(1, len(EVENTS) + 1))
    marks = [int(n) for n in re.findall(r"# event (\d+)", SOURCE.read_text(encoding="utf-8"))]
    assert {1, *marks} == set(EVENTS)  # the first is written before the call
    assert [n for n in marks if n != 4] == sorted(n for n in marks if n != 4)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_which_events_are_its_own(module):
    part = import_module(f"model.engine.{module}")
    head = re.match(r"Events? ([\d, andto]+):", str(part.__doc__))
    own = {
        event
        for event, name in called()
        if getattr(getattr(tick, name, None), "__module__", "") == part.__name__
    } if module != "tick" else set()  # fmt: skip
    said = set()
    if head:
        for low, high in re.findall(r"(\d+)(?: to (\d+))?", head[1]):
            said |= set(range(int(low), int(high or low) + 1))
    if head or module in {"policy", "learning", "economy", "observe"}:
        assert said == own


@pytest.mark.parametrize("module", MODULES)
def test_keys_of_mechanisms_that_a_module_names_exist(module):
    text = Path(engine.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    docstrings = [
        ast.get_docstring(node) or ""
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.Module)
    ]
    assert spelt(" ".join(docstrings)) <= KEYS


def test_every_instrument_is_named_where_instruments_spend():
    """Each kind of instrument has an event whose docstring begins with the key of its mechanism."""
    tree = ast.parse(Path(engine.__file__).with_name("policy.py").read_text(encoding="utf-8"))
    heads = [
        ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)
    ]
    said = {match[1] for head in heads if (match := re.match(r"([A-Z]\d): ", head))}
    assert said == {mechanism.key for mechanism in catalogue() if mechanism.instrument}
