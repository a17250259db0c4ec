"""``run.py schema [KIND]``"""

from __future__ import annotations

import json
from typing import Annotated

import typer


def schema(
    kind: Annotated[
        str,
        typer.Argument(
            help="scenario, experiment, sweep, search, sensitivity, pattern, trial, or a part that "
            "these extend"
        ),
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check."""
    from model.experiments.question_files import json_schema

    typer.echo(json.dumps(json_schema(kind), indent=1, ensure_ascii=False))
