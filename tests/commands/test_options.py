"""Options are declared once and shown by every command that takes them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.main import get_command

import run
from model.commands.options import (
    Facts,
    OutputOptions,
    PointOptions,
    ResultOptions,
    RunOptions,
    command,
)

COMMANDS = get_command(run.app).commands


def shown(name: str) -> dict[str, tuple[object, ...]]:
    """Option -> what the parser knows of it."""
    return {
        p.opts[-1]: (p.default, p.help, p.required, p.multiple)
        for p in COMMANDS[name].params
        if p.param_type_name == "option" and p.name != "help"
    }


def test_every_file_of_a_command_bears_its_name():
    files = {path.stem for path in Path(run.ROOT, "model", "commands").glob("*.py")}
    assert files - {"__init__", "options"} <= COMMANDS.keys()
    assert {"run", "compare", "sweep", "network", "view", "cases", "patterns"} <= COMMANDS.keys()


def test_commands_over_points_take_the_same_options():
    assert shown("compare") == shown("sweep") == shown("sensitivity")
    assert shown("compare").keys() == {
        "--replicates", "--seed", "--out", "--workers", "--set", "--on", "--shard", "--retry",
        "--store", "--json", "--quiet",
    }  # fmt: skip


def test_a_shared_option_means_the_same_everywhere():
    known: dict[str, tuple[object, ...]] = {}
    for name in COMMANDS:
        for option, about in shown(name).items():
            if option in {"--seed", "--out", "--workers", "--set", "--json", "--replicates"}:
                assert known.setdefault(option, about) == about, (name, option)
    assert len(known) == 6


def test_the_readme_names_every_command():
    text = (run.ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `uv run run.py {name}" not in text] == []


def test_every_command_says_what_it_does():
    assert all(each.help and each.help.strip() for each in COMMANDS.values())


def test_a_group_arrives_as_one_and_facts_end_with_a_line(capsys):
    seen = []

    @dataclass(frozen=True)
    class More(RunOptions):
        depth: Annotated[int, typer.Option("--depth")] = 3

    def ask(file: Annotated[Path, typer.Argument()], options: More) -> Facts:
        seen.append((file, options))
        return {"out": "there", "title": "León"}

    app = typer.Typer()
    app.command()(command(ask))
    arguments = ["x.toml", "--set", "a=1", "--set", "b=2", "--seed", "4", "--json"]
    app(arguments, standalone_mode=False)
    file, options = seen[0]
    assert (file, options.settings, options.seed) == (Path("x.toml"), ["a=1", "b=2"], 4)
    assert (options.depth, options.replicates, options.quiet) == (3, None, False)
    assert json.loads(capsys.readouterr().out) == {"out": "there", "title": "León"}
    app(arguments[:-1], standalone_mode=False)
    assert capsys.readouterr().out == ""


def test_results_go_below_results_or_where_asked(tmp_path):
    assert ResultOptions().target("run", "leon") == run.ROOT / "results" / "run" / "leon"
    assert ResultOptions(out=tmp_path).target("run", "leon") == tmp_path


def test_how_points_are_run_is_as_the_options_say(tmp_path):
    how = PointOptions(workers=3, shard="1/4", retry=True, store=tmp_path / "s.sqlite").how
    assert (how.workers, how.shard, how.retry, how.store) == (3, "1/4", True, tmp_path / "s.sqlite")
    assert not how.complete
    assert OutputOptions().as_json is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seed", "3", "theory"], "--seed goes after the command"),
        (["compare"], "Missing argument"),
        (["run", "x.toml", "--replicates", "0"], "Invalid value for '--replicates'"),
        (["netwrok"], "No such command 'netwrok'"),
    ],
)
def test_a_bad_command_line_ends_with_one_line(arguments, said, capsys):
    assert run.door(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert captured.out == ""


def test_check_prints_its_facts_before_it_fails(tmp_path, capsys):
    (tmp_path / "bad.toml").write_text("nothing = [")
    assert run.door(["check", str(tmp_path / "bad.toml"), "--json"]) == 2
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert facts["files"] == len(facts["faults"]) == 1
