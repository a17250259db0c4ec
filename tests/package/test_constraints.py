"""``constraints.txt``, by which pip gets the numbers of these pages, is whole and in step."""

import json
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from model.provenance import LIBRARIES

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TEXT = (ROOT / "constraints.txt").read_text(encoding="utf-8")
LINES = [line for line in TEXT.splitlines() if not line.startswith("#")]


def pins(python: str) -> dict[str, str]:
    """Version of each package that a Linux machine with this Python gets."""
    machine = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "implementation_name": "cpython",
    }
    found: dict[str, str] = {}
    for line in LINES:
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate(machine):
            (version,) = pin.specifier
            assert version.operator == "=="
            assert pin.name not in found, f"{pin.name} twice for Python {python}"
            found[pin.name] = version.version
    return found


def test_names_and_versions_alone():
    for line in LINES:
        assert not any(sign in line for sign in ("@", "/", "--")), line
        assert Requirement(line).url is None


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_dependency_is_pinned_within_its_range(python: str):
    found = pins(python)
    for line in PROJECT["project"]["dependencies"]:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"python_version": python}):
            assert found[canonicalize_name(wanted.name)] in wanted.specifier
    assert set(LIBRARIES) <= set(found)
    for line in PROJECT["tool"]["uv"]["constraint-dependencies"]:
        assert line in LINES


def test_they_are_what_the_shipped_posterior_was_made_with():
    made = json.loads(
        (ROOT / "calibration" / "posterior" / "provenance.json").read_text(encoding="utf-8")
    )["versions"]
    python = ".".join(made.pop("python").split(".")[:2])
    made.pop("highroad")
    found = pins(python)
    assert {name: found[name] for name in made} == made
