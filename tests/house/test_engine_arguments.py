"""Loops of the engine are given at most nine things, and hand back arrays only where these are counted."""

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
TABLES = {
    node.name
    for path in ENGINE.glob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef)
    and any(getattr(base, "id", "") == "NamedTuple" for base in node.bases)
    and "np.ndarray" in ast.unparse(node)
}
"""Named tuples that hold arrays."""


@pytest.mark.parametrize(("file", "function"), FUNCTIONS, ids=lambda x: getattr(x, "name", x))
def test_a_function_of_the_engine_takes_few_arguments(file: str, function: ast.FunctionDef):
    assert len(function.args.args) + len(function.args.kwonlyargs) <= MOST, file


def test_events_are_found():
    assert {"learn", "spend", "admit", "serve_all", "observe"} <= {f.name for _, f in EVENTS}


def test_only_who_counts_references_hands_back_tables():
    """The compiler refuses a bare array there, but not one in a tuple: its memory would be freed in use."""
    assert {"RunTables", "Scratch", "Members"} <= TABLES
    makers = set()
    for file, function in FUNCTIONS:
        marks = {ast.unparse(mark) for mark in function.decorator_list}
        for node in ast.walk(function):
            made = node.value if isinstance(node, ast.Return) else None
            if isinstance(made, ast.Call) and ast.unparse(made.func) in TABLES:
                makers.add(function.name)
                assert not marks & {"rule", "engine", "piece"}, f"{file}: {function.name}"
    assert {"rows_of_run", "new_scratch"} <= makers
