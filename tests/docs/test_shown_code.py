"""What the pages show is run: commands, Python and files, page by page, in a folder like a fresh clone.

- A command of ours runs as it stands, with few replicates where it takes some (``FEWER``). Commands that
  take minutes, or never end, are only parsed: each option must exist and take such a value (``PARSED``),
  unless they are given a small file that the page itself shows (``mine/``). So are lines with a PLACEHOLDER
  in capitals.
- Other programs are not run; ``OTHERS`` says why.
- Blocks of Python on one page run one after the other, as in one session.
- A TOML file must be valid. If its first line names a file (``# mine/town.toml``) it is laid there, for the
  commands that follow.
- A block after ``<!-- not run: REASON -->`` is left out, and counted.

Figures are made and not drawn, but for ``DRAWN``: drawing takes half of the time, and tests/report and
tests/experiments draw each.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pytest
import typer
from matplotlib.figure import Figure

import run
from model.commands import options
from model.experiments.question_files import check_file

ROOT = Path(__file__).parents[2]
FENCE = re.compile(
    r"(?:<!-- (?P<note>[^\n]*) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b|\.\.\.|\bmy_\w+")
FEWER = {
    "run": ("--replicates", "2"),
    "compare": ("--replicates", "2"),
    "sweep": ("--replicates", "1"),
    "network": (),
}
PARSED = {
    "": "the main job: a minute",
    "patterns": "minutes",
    "trials": "minutes; tests/experiments/test_trials.py",
    "calibrate": "hours; tests/calibration",
    "validate": "hours; tests/calibration",
    "rivals": "hours; tests/calibration",
    "search": "minutes; tests/experiments/test_search.py",
    "sensitivity": "a minute; tests/experiments/test_sensitivity.py, the notebook",
    "view": "serves until it is stopped; tests/browser",
    "merge": "puts shards of another machine together; tests/experiments",
}
OTHERS = {
    "pip install": "installs",
    "python3 -m venv": "makes an environment to install in",
    ".venv-uv/bin/": "is the first command of the README, in an environment of its own",
    "uv run --no-default-groups run.py": "is the first command of the README without the tests",
    "uv run --group viewer --with": "fetches a Mesa that is not out yet; CI does",
    "uv sync": "installs",
    "uv build": "builds the package; CI does",
    "uv run pytest": "is what runs this",
    "UV_PYTHON=3.13": "runs all tests on another Python; CI does some of them",
    "uv run ruff": "CI does",
    "uv run mypy": "CI does",
    "uv run lint-imports": "CI does",
    "uv run mutmut": "half an hour",
    "uv run --with": "fetches another program",
    "uv run dask": "serves until it is stopped; tests/experiments/test_cluster.py",
    "uv run bench/": "measures; CI would wait",
    "uv run python .ci/": "writes into docs/; tests/docs",
    "uv run --group docs .ci/handbook.py": "builds this handbook; tests/docs/test_handbook.py",
    "uv run python -m tests.scenario.mutants": "minutes; tests/scenario/test_mutants.py",
    "uv run python -m tests.calibration.table_mutants": "minutes; tests/calibration/test_table_mutants.py",
    "apt-get": "installs",
    "docker": "needs Docker",
    "git": "is about the repository",
}
ELSEWHERE = {
    "docs/mesa.md": "tests/mesa/test_docs_page.py: what it shows depends on the version of Mesa",
    "docs/interoperation.md": "tests/docs/test_interoperation.py: what it shows needs libraries beside ours",
    "docs/class/lessons_es.md": "tests/docs/test_class_kit.py: the code of lessons_en.md",
    "docs/class/lessons_pt.md": "tests/docs/test_class_kit.py: the code of lessons_en.md",
}
DRAWN = "docs/gallery.md"
"""The page of which each figure is looked at."""
EMPTY = {
    ".png": bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360"
        "00000002000148afa4710000000049454e44ae426082"
    ),
    ".svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


def not_drawn(figure: Figure, path: Path, **how: object) -> None:
    """Stands in for ``Figure.savefig``."""
    Path(path).write_bytes(EMPTY[Path(path).suffix])


@dataclass(frozen=True)
class Block:
    """A block of code on a page."""

    page: str
    line: int
    language: str
    text: str
    note: str

    @property
    def place(self) -> str:
        return f"{self.page}, line {self.line}"


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(ROOT).as_posix()
    return [
        Block(
            name, text.count("\n", 0, found.start("text")), language(found), found["text"],
            found["note"] or "",
        )
        for found in FENCE.finditer(text)
    ]  # fmt: skip


def language(found: re.Match[str]) -> str:
    return found["language"] or ("sh" if re.match(r"(uv|pip) ", found["text"]) else "text")


PAGES = {
    path.relative_to(ROOT).as_posix(): blocks
    for path in [ROOT / "README.md", ROOT / "bench" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if (blocks := [block for block in blocks_of(path) if block.language != "text"])
}  # fmt: skip


def commands(text: str) -> Iterator[list[str]]:
    for line in text.replace("\\\n", " ").splitlines():
        for part in line.split("&&"):
            if words := shlex.split(part, comments=True):
                yield words


def how(words: list[str]) -> str:
    """``run``, ``parsed`` or the reason for which a command is not run; ValueError if there is none."""
    line = " ".join(words)
    if words[:3] == ["uv", "run", "run.py"] or words[0] == "highroad":
        name = command_name(words)
        shown_here = any(word.startswith("mine/") and word.endswith(".toml") for word in words)
        elsewhere = bool({"--on", "--shard"} & set(words)) or PLACEHOLDER.search(line)
        return "parsed" if elsewhere or (name in PARSED and not shown_here) else "run"
    for start, reason in OTHERS.items():
        if line.startswith(start):
            return f"not run: {reason}"
    raise ValueError(f"{line}: is no command of ours; say in OTHERS why it is not run")


def arguments(words: list[str]) -> list[str]:
    return words[1:] if words[0] == "highroad" else words[3:]


def command_name(words: list[str]) -> str:
    rest = arguments(words)
    return rest[0] if rest and not rest[0].startswith("-") else ""


def parse(words: list[str]) -> None:
    group = typer.main.get_command(run.app)
    name = command_name(words)
    if name == "COMMAND":
        return
    if not name:
        group.make_context("run.py", arguments(words), resilient_parsing=True)
        return
    each = group.commands[name]
    with each.make_context(name, arguments(words)[1:]):
        pass


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a clone holds, where results may be written and files be added."""
    for folder in ("scenarios", "calibration"):
        (tmp_path / folder).mkdir()
        for path in (ROOT / folder).iterdir():
            (tmp_path / folder / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(options, "RESULTS", tmp_path / "results")
    monkeypatch.setitem(mpl.rcParams, "backend", "agg")
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE])
def test_what_a_page_shows_runs(
    page: str, clone: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    if page != DRAWN:
        monkeypatch.setattr(Figure, "savefig", not_drawn)
    session: dict[str, object] = {"__name__": "page"}
    for block in PAGES[page]:
        if block.note.startswith("not run: "):
            continue
        if block.language == "python":
            exec(compile(block.text, block.place, "exec"), session)
        elif block.language == "toml":
            lay(block, clone)
        elif block.language == "sh":
            for words in commands(block.text):
                follow(words, block, capfd)


def lay(block: Block, clone: Path) -> None:
    """The file must be valid; it is laid where its first line says, or beside those that ship."""
    named = re.match(r"# (\S+\.toml)\n", block.text)
    path = clone / (named[1] if named else "scenarios/shown/shown.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    tomllib.loads(block.text)
    try:
        check_file(path)
    except Exception as error:
        raise AssertionError(f"{block.place}: {error}") from error


def follow(words: list[str], block: Block, capfd: pytest.CaptureFixture[str]) -> None:
    what = how(words)
    if what == "parsed":
        parse(words)
    elif what == "run":
        name = command_name(words)
        given = arguments(words)
        fewer = FEWER.get(name, ()) if "--replicates" not in given else ()
        code = run.door([*given, *fewer])
        said = capfd.readouterr()
        assert code == 0, f"{block.place}: {' '.join(words)}\n{said.out[-1500:]}\n{said.err}"


def test_what_is_left_out_is_said():
    """Counted: most of what is shown is run, and what is not has a reason of more than a word."""
    count: Counter[str] = Counter()
    for blocks in PAGES.values():
        for block in blocks:
            if block.note.startswith("not run: "):
                assert len(block.note.split()) > 3, block.place
                count["not run"] += 1
            elif block.language == "sh":
                count.update(how(words).partition(":")[0] for words in commands(block.text))
            else:
                assert block.language in ("python", "toml"), f"{block.place}: say why it is not run"
                count["run"] += 1
    assert count["run"] > count["parsed"] > 0


def test_a_wrong_option_and_an_unknown_program_are_seen():
    with pytest.raises(Exception, match="--sed"):
        parse(shlex.split("uv run run.py patterns --sed 3"))
    with pytest.raises(ValueError, match="no command of ours"):
        how(["make", "site"])
