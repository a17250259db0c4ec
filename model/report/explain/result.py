"""A folder of results read back: its scenarios, its replicates, its ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from model.records.result_files import MANIFEST
from model.scenario.faults import Fault, InputError, show_path, suggest
from model.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

LEDGER = "ledger.parquet"


class ReplayError(InputError):
    """The replay does not land on the ledger of the result; the command line ends with 1."""

    exit_code = 1


@dataclass(frozen=True)
class ResultFolder:
    """What a command left in a folder."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def labels(self) -> list[str]:
        """Names of its scenarios."""
        return list(self.manifest["scenarios"])

    def fault(self, file: str, key: str, value: str, allowed: str, hint: str = "") -> InputError:
        """Something wrong with a file of the folder."""
        return InputError(Fault(show_path(self.folder / file), key, value, allowed, hint))

    def scenario(self, label: str) -> Scenario:
        """The scenario of a label; InputError if this version can't read it."""
        try:
            return Scenario.model_validate_json(json.dumps(self.manifest["scenarios"][label]))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, ("scenarios", label, *first["loc"])))
            allowed = f"{first['msg'].lower()}: the result was made by another version"
            raise self.fault(MANIFEST, key, "", allowed, "run it again") from None

    def ledger(self, label: str, replicate: int) -> pd.DataFrame:
        """What one run booked, columns as ``model.records`` documents; InputError if it is gone."""
        import pandas as pd

        path = self.folder / LEDGER
        if not path.is_file():
            raise self.fault(LEDGER, "", "", "is missing", "run the command again, with its ledger")
        rows = [("scenario", "==", label), ("replicate", "==", replicate)]
        return pd.read_parquet(path, filters=rows).reset_index(drop=True)


def read_result(folder: Path) -> ResultFolder:
    """Read the manifest of a folder of results; InputError if there is none that says what ran."""
    path = folder / MANIFEST
    hint = "give the folder that the command run or compare wrote"
    if not path.is_file():
        what = "holds no results" if folder.is_dir() else "is no folder of results"
        raise InputError(Fault(show_path(folder), "", "", what, hint))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(Fault(show_path(path), "", "", "can't be read", hint)) from None
    if not (isinstance(manifest, dict) and manifest.get("scenarios") and "replicates" in manifest):
        raise InputError(Fault(show_path(path), "scenarios", "", "names no runs", hint))
    return ResultFolder(folder, manifest)


def choose_label(result: ResultFolder, label: str | None, option: str) -> str:
    """The label asked for, or the only one there is; InputError names those there are."""
    if label is None and len(result.labels) == 1:
        return result.labels[0]
    if label in result.labels:
        return str(label)
    what = "is not among its scenarios" if label else "holds several scenarios"
    hint = suggest(label or "", result.labels)
    raise InputError(Fault(option, label or "", "", f"{show_path(result.folder)} {what}", hint))


def choose_replicate(result: ResultFolder, replicate: int | None) -> int:
    """The replicate asked for, or the first; InputError if it was not run."""
    there = [int(r) for r in result.manifest["replicates"]]
    if replicate is None:
        return there[0]
    if replicate in there:
        return replicate
    allowed = f"{show_path(result.folder)} holds replicates {min(there)} to {max(there)}"
    raise InputError(Fault("--replicate", str(replicate), "", allowed))
