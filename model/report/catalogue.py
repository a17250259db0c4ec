"""The catalogue of mechanisms, for ``run.py theory``."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from model.parameters import catalogue
from model.theory.mechanism import Mechanism, Parameter


def catalogue_table() -> Table:
    """One row a mechanism: key, question and claim, where from and where, its parameters."""
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    table.add_column("", no_wrap=True)
    table.add_column("Mechanism", ratio=3)
    table.add_column("Equation, neutral case, source", ratio=3)
    table.add_column("Parameters: default [range] unit", ratio=4)
    for mechanism in catalogue():
        table.add_row(mechanism.key, _claim(mechanism), _basis(mechanism), _parameters(mechanism))
    return table


def catalogue_facts() -> dict[str, Any]:
    """The catalogue as plain data."""
    return {
        "mechanisms": [
            {
                "key": m.key,
                "name": m.name,
                "question": m.question,
                "claim": m.claim,
                "source": m.source,
                "file": _file(m),
                "neutral": m.neutral,
                "parameters": [
                    {
                        "name": p.name,
                        "unit": p.unit,
                        "low": p.low,
                        "high": p.high,
                        "default": p.default,
                        "labels": list(p.labels),
                        "meaning": p.meaning,
                        "reason": p.reason,
                        "neutral": p.neutral,
                    }
                    for p in m.parameters
                ],
            }
            for m in catalogue()
        ]
    }


def _file(mechanism: Mechanism) -> str:
    return f"model/theory/{mechanism.name}.py"


def _claim(mechanism: Mechanism) -> Text:
    return Text.assemble(
        (mechanism.question, "bold"), "\n", mechanism.claim, "\n", (_file(mechanism), "dim")
    )


def _basis(mechanism: Mechanism) -> Text:
    return Text.assemble(
        mechanism.equation, "\n", f"neutral: {mechanism.neutral}", "\n", (mechanism.source, "dim")
    )


def _parameters(mechanism: Mechanism) -> Text:
    return Text("\n").join(_parameter(p) for p in mechanism.parameters)


def _parameter(p: Parameter) -> Text:
    pairs = p.defaults().items()
    default = ", ".join(f"{label} {value:g}".strip() for label, value in pairs)
    return Text.assemble((p.name, "bold"), f" {default} [{p.low:g} to {p.high:g}] {p.unit}")
