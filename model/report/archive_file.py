"""An archive of one result for a repository with a DOI: what was asked, what came out, and what made it.

    RESULT/                a folder in the archive, called as the folder of results
      README.md            what it is, and how to make it again
      results/             every file of the folder of results
      scenarios/           each world in full, one file each, as the manifest has it
      code/                the sources and data files of the model, as in a clone
      constraints.txt      every installed package with its version, for ``pip install -c``
      environment.json     Python, machine, and the digests
      SHA256SUMS           of all these files: ``sha256sum -c SHA256SUMS``

Sources that are not those of the result are not packed beside it: they would make other numbers. The same
folder, sources and packages give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from model.provenance import ROOT, as_in_a_clone, source_digest, sources_under
from model.report.webpage.report_file import manifest_in
from model.scenario.faults import Fault, InputError, show_path
from model.scenario.files import dump_toml

BESIDE = ("run.py", "pyproject.toml", ".ci/package.py", "README.md", "LICENSE", "CITATION.cff")
"""Files of a clone that are packed with the sources, where they are."""
_NO_TIME = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the first that a zip can tell; the time of packing is no part of a result


def write_archive(folder: Path, target: Path, with_code: bool = True) -> dict[str, Any]:
    """Pack ``folder`` into ``target``; returns digest and number of files.

    Raises InputError where the folder holds no results, or sources have changed since.
    """
    manifest = manifest_in(folder)
    if target.suffix != ".zip":
        raise _refused(target, "must end with .zip", f"write e.g. --out {target.name}.zip")
    made_by = manifest.get("source", "")
    if with_code and made_by != source_digest():
        raise _refused(
            folder, f"was made by sources {made_by or 'unknown'}, and these are {source_digest()}",
            "run the command of its manifest again, or leave the sources out with --without-code",
        )  # fmt: skip
    files = dict(_results(folder, target))
    files |= _scenarios(manifest)
    if with_code:
        files |= _code()
    files["constraints.txt"] = _lines(f"{name}=={version}" for name, version in installed())
    files["environment.json"] = _json(environment(manifest, with_code))
    files["README.md"] = _readme(folder, manifest, with_code).encode()
    sums = ((hashlib.sha256(files[name]).hexdigest(), name) for name in sorted(files))
    files["SHA256SUMS"] = _lines(f"{digest}  {name}" for digest, name in sums)
    _zip(target, folder.resolve().name, files)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    return {"out": str(target), "sha256": digest, "files": len(files)}


def _results(folder: Path, target: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.resolve() != target.resolve():
            yield f"results/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _scenarios(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The worlds of a manifest as files; names that no system takes get their signs replaced."""
    worlds = manifest.get("scenarios", {})
    if not isinstance(worlds, Mapping):
        return {}
    files: dict[str, bytes] = {}
    for number, (label, world) in enumerate(worlds.items()):
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", label)[:60]
        if f"scenarios/{stem}.toml" in files:
            stem = f"{stem}_{number}"
        files[f"scenarios/{stem}.toml"] = dump_toml(_without_nothing(world)).encode()
    return files


def _without_nothing(value: Any) -> Any:
    """Plain data without keys that are not set, which TOML can't say."""
    if isinstance(value, Mapping):
        return {key: _without_nothing(each) for key, each in value.items() if each is not None}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value


def _code() -> dict[str, bytes]:
    named = sources_under(ROOT)
    named |= {
        f"scenarios/{path.relative_to(ROOT / 'scenarios').as_posix()}": path
        for path in sorted((ROOT / "scenarios").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    named |= {name: ROOT / name for name in BESIDE if (ROOT / name).is_file()}
    return {f"code/{name}": as_in_a_clone(path.read_bytes()) for name, path in named.items()}


def installed() -> list[tuple[str, str]]:
    """Name and version of every package of this environment but our own."""
    found = {dist.name.lower().replace("_", "-"): dist.version for dist in distributions()}
    found.pop("highroad", None)
    return sorted(found.items())


def environment(manifest: Mapping[str, Any], with_code: bool) -> dict[str, Any]:
    """What the result was made with, as its manifest says, and what it was packed with."""
    return {
        "made with": {
            key: manifest.get(key) for key in ("source", "digest", "versions", "platform")
        },
        "packed with": {
            "source": source_digest(),
            "python": platform.python_version(),
            "platform": sys.platform,
            "machine": platform.machine(),
        },
        "code": with_code,
    }


def _readme(folder: Path, manifest: Mapping[str, Any], with_code: bool) -> str:
    command = manifest.get("command", "see results/manifest.json")
    code = (
        "Sources stand in `code/`. "
        if with_code
        else "Sources are not packed: take the version whose digest is the one above. "
    )
    return f"""# {folder.resolve().name}

A result of Highroad, an agent-based model of how small firms in clusters and value chains upgrade.

    {command}

Digest of sources and libraries: `{manifest.get("source", "unknown")}`.
With what was asked: `{manifest.get("digest", "unknown")}`.

- `results/`: tables, figures and `manifest.json`, which holds every scenario in full
- `scenarios/`: the same scenarios as files that run
- `constraints.txt`, `environment.json`: packages with their versions, Python, digests
- `SHA256SUMS`: `sha256sum -c SHA256SUMS` tells whether a file has changed

{code}To make it again:

    python -m venv again
    again/bin/pip install -c constraints.txt ./code      # on Windows: again\\Scripts\\pip
    again/bin/highroad run scenarios/FILE.toml --replicates NUMBER

The same digest gives the same numbers to the last digit, on any number of workers.
"""


def _zip(target: Path, top: str, files: Mapping[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{name}", _NO_TIME)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _refused(path: Path, problem: str, hint: str) -> InputError:
    return InputError(Fault(show_path(path), "", "", problem, hint))
