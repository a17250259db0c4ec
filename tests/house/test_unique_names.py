"""A name stands for one thing: no file stem and no class name twice in the whole package.

Files that declare commands are named as the command is typed, so they are left out; so are the
``__init__`` of packages.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("model", "calibration")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def repeated(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Name -> the files in which it stands, where they are several."""
    found = defaultdict(list)
    for name, file in pairs:
        found[name].append(file)
    return {name: files for name, files in found.items() if len(files) > 1}


def stems(paths: Iterable[Path]) -> dict[str, list[str]]:
    return repeated(
        (path.stem, str(path.relative_to(ROOT)))
        for path in paths
        if path.stem != "__init__" and path.parent.name != "commands"
    )


def classes(sources: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """``sources``: file and text."""
    return repeated(
        (node.name, file)
        for file, text in sources
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    )


def test_no_file_stem_stands_for_two_things():
    assert stems(SOURCES) == {}


def test_no_class_name_stands_for_two_things():
    texts = [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in SOURCES]
    assert classes(texts) == {}


def test_a_planted_stem_and_a_planted_class_are_seen():
    planted = ROOT / "model" / "report" / "interaction.py"
    assert "interaction" in stems([*SOURCES, planted])
    assert classes([("a.py", "class Tie: pass"), ("b.py", "if True:\n    class Tie: pass")]) == {
        "Tie": ["a.py", "b.py"]
    }
    assert stems([ROOT / "model" / "commands" / "compare.py", SOURCES[-1]]) == {}


def test_every_folder_with_code_is_a_package():
    """What is no package is not seen by the check of imports."""
    folders = {path.parent for path in SOURCES}
    assert [f for f in sorted(folders) if not (f / "__init__.py").is_file()] == []
