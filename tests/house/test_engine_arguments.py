"""Loops of the engine are given at most nine things, and hand back no arrays."""

import ast
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "model" / "engine"
MOST = 9
FUNCTIONS = [
    (path.name, node)
    for path in sorted(ENGINE.glob("*.py"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.FunctionDef)
]
EVENTS = [
    (file, node)
    for file, node in FUNCTIONS
    if {"tables", "by_firm"} & {a.arg for a in node.args.args} and not node.name.startswith("_")
]
TUPLES = {
    node.name: ast.unparse(node)
    for path in ENGINE.glob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef)
    and any(getattr(base, "id", "") == "NamedTuple" for base in node.bases)
}
TABLES = {name for name, text in TUPLES.items() if "np.ndarray" in text}
TABLES |= {name for name, text in TUPLES.items() if any(f": {held}" in text for held in TABLES)}
"""Named tuples that hold arrays."""


@pytest.mark.parametrize(("file", "function"), FUNCTIONS, ids=lambda x: getattr(x, "name", x))
def test_a_function_of_the_engine_takes_few_arguments(file: str, function: ast.FunctionDef):
    assert len(function.args.args) + len(function.args.kwonlyargs) <= MOST, file


def test_events_are_found():
    assert {"learn", "spend", "admit", "serve_all", "observe"} <= {f.name for _, f in EVENTS}


def test_nothing_compiled_hands_back_tables():
    """The compiler refuses a bare array, but not one in a tuple: its memory would be freed in use."""
    assert {"RunTables", "Scratch", "Members", "Room"} <= TABLES
    makers = set()
    for file, function in FUNCTIONS:
        marks = {ast.unparse(mark) for mark in function.decorator_list}
        for node in ast.walk(function):
            made = node.value if isinstance(node, ast.Return) else None
            if isinstance(made, ast.Call) and ast.unparse(made.func) in TABLES:
                makers.add(function.name)
                assert not marks & {"rule", "engine", "piece"}, f"{file}: {function.name}"
    assert {"room_for", "tables_of_runs"} <= makers
