"""The file for Docker and Binder asks for what is there; no test builds the image."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = (ROOT / ".binder" / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_python_and_the_extra_are_those_of_the_package():
    (version,) = re.findall(r"^FROM python:(3\.\d+)-slim$", FILE, re.M)
    classes = PROJECT["project"]["classifiers"]
    assert f"Programming Language :: Python :: {version}" in classes
    (extra,) = re.findall(r'"\.\[(\w+)\]"', FILE)
    assert extra in PROJECT["project"]["optional-dependencies"]


def test_pins_are_heeded_since_uv_installs():
    assert "uv pip install --system" in FILE
    assert "numba" in " ".join(PROJECT["tool"]["uv"]["constraint-dependencies"])


def test_what_docs_run_in_it_is_a_command_of_the_package():
    page = (ROOT / "docs" / "set_up.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^docker run .* highroad (\w+) --out", page, re.M)
    assert command in PROJECT["project"]["scripts"]


def test_binder_may_name_the_user_and_only_one_image_is_fetched():
    assert re.findall(r"^ARG (NB_\w+)", FILE, re.M) == ["NB_USER", "NB_UID"]
    assert "://" not in FILE
