"""Loops of the engine are given at most nine things, and say what the tables among them are."""

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


@pytest.mark.parametrize(("file", "function"), FUNCTIONS, ids=lambda x: getattr(x, "name", x))
def test_a_function_of_the_engine_takes_few_arguments(file: str, function: ast.FunctionDef):
    assert len(function.args.args) + len(function.args.kwonlyargs) <= MOST, file


def test_events_are_found():
    assert {"learn", "spend", "admit", "serve_all", "observe"} <= {f.name for _, f in EVENTS}
