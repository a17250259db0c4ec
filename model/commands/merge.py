"""``run.py merge FILE``"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, Replicates, ResultOptions, Seed, Settings
from model.wording.markup import plain_console


@dataclass(frozen=True)
class MergeOptions(ResultOptions):
    """What the shards were run with."""

    seed: Seed = None
    replicates: Replicates = None
    settings: Settings = None


def merge(
    file: Annotated[Path, typer.Argument(help="file whose shards are done")],
    options: MergeOptions,
    shards: Annotated[
        list[Path] | None,
        typer.Option("--from", help="store of a shard; repeatable; default: those beside --out"),
    ] = None,
) -> Facts:
    """Put the shards of a job array together and write the results, as one run would have."""
    from model.experiments.question_files import check_file
    from model.report.comparisons import compare_arms
    from model.report.pointwise import How, merge_shards
    from model.report.sensitivities import sensitivity_file
    from model.report.sweeps import sweep_file

    jobs = {
        "sweep": ("sweep", sweep_file),
        "experiment": ("compare", compare_arms),
        "sensitivity file": ("sensitivity", sensitivity_file),
    }
    kind = check_file(file).kind
    if kind not in jobs:
        raise typer.BadParameter(
            f"{file} is a {kind}; only experiments, sweeps and sensitivity files have shards"
        )
    folder, job = jobs[kind]
    target = options.target(folder, file.stem)
    merge_shards(target, shards or [], plain_console(options.quiet))
    how = How(complete=True, quiet=options.quiet)
    return job(
        file, options.settings or [], options.replicates, options.seed, target, how, options.console
    )
