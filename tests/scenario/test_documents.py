"""Reading and writing files, and settings that are laid over them."""

import math
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.scenario.faults import WIDEST
from model.scenario.files import (
    dump_toml,
    load_document,
    read_toml,
    set_value,
    set_values,
)
from tests.scenario.plain_data import PLAIN
from tests.scenario.said import faults_of, message_of

# Reading


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = 1\nfirms 60\n", "line 2, column 7: is not TOML: expected '=' after a key"),
        (b"a = 1\na = 2", "line 2, at its end: is not TOML: cannot overwrite a value"),
        (b'a = "\xe9"', "line 1: is not UTF-8 text; save it as UTF-8 text"),
        (b"a = [1,", "line 1, at its end: is not TOML: "),
        (b"a = " + b"9" * 5000, "is not TOML: "),
        (b"b.a = 99999999999999999999", "b.a: must be an integer of at most 64 bits"),
        (b"a = " + b"[" * 5000, "has more than 16 tables or lists in each other"),
        (
            b".".join([b"a"] * 5000) + b" = 1",
            "a.a.a...: has more than 16 tables or lists in each other",
        ),
        (b"a = 2005-02-31", "line 1, column 5: is not TOML: invalid date"),
        (b"a = \x00", "line 1, column 5: is not TOML: "),
    ],
)
def test_bad_content_is_one_fault(write, content, said):
    write("bad.toml", "").write_bytes(content)
    for load in (read_toml, load_document):
        message = message_of(load, "bad.toml")
        assert message.startswith(f"bad.toml: {said}")


def test_a_bad_parent_is_told_under_its_own_name(write):
    write("base.toml", "firms 60")
    top = write("top.toml", 'extends = "base.toml"')
    assert message_of(load_document, top).startswith("base.toml: line 1, column 7: is not TOML")


def test_a_byte_order_mark_is_no_fault(write):
    write("bom.toml", "").write_bytes(b"\xef\xbb\xbfa = 1")
    assert read_toml("bom.toml") == {"a": 1}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("scenarios/wine.tmol", "no such file; did you mean scenarios/wine.toml?"),
        ("scenarios/xyz", "no such file; it holds shoes.toml, wine.toml"),
        ("scenarios", "is a folder, not a file; it holds shoes.toml, wine.toml"),
        ("nowhere/x.toml", "no such file: there is no folder nowhere"),
        ("scenarios/" + "x" * 300, "is not a path of a file: "),
        ("/dev/null", "is not a regular file"),
        ("bad\0name", "is not a path of a file: "),
    ],
)
def test_what_is_no_file_is_one_fault(write, path, said):
    write("scenarios/wine.toml", "")
    write("scenarios/shoes.toml", "")
    for load in (read_toml, load_document):
        message = message_of(load, path)
        assert said in message
        file, _, _ = message.partition(": ")
        assert path.replace("\0", " ").endswith(file.removeprefix("..."))
        assert len(message) <= WIDEST


def test_a_file_that_may_not_be_read_is_one_fault(write, monkeypatch):
    write("secret.toml", "")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert (
        message_of(load_document, "secret.toml") == "secret.toml: cannot be read: Permission denied"
    )


def test_overlays_may_not_nest_without_end(write):
    write("deep.toml", ".".join("a" * 12) + " = 1")
    top = write("top.toml", "[" + ".".join("b" * 12) + ']\nextends = "deep.toml"')
    assert "has more than 16 tables" in message_of(load_document, top)


# Settings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("true", True),
        ("[1, 2]", [1, 2]),
        ('"3"', "3"),
        ("open", "open"),
        ("", ""),
        ("1\nother = 2", "1\nother = 2"),
    ],
)
def test_a_setting_is_a_toml_value_or_else_a_string(write, text, value):
    document = set_value(load_document(write("x.toml", "a.b = 1")), "a.c", text)
    assert document.data == {"a": {"b": 1, "c": value}}
    assert type(document.data["a"]["c"]) is type(value)
    assert str(document.origin("a.c")) == "--set"
    assert document.origin("a.b").name == "x.toml"


def test_settings_reach_into_lists_and_overlay_tables_and_leave_the_first_document(write):
    first = load_document(write("x.toml", "list = [{ p = 1 }, { p = 2 }]\n[t]\na = 1"))
    second = set_values(first, ["list[1].p = 5", "t = { b = 2 }", 'u."x y"=1'])
    assert second.data == {
        "list": [{"p": 1}, {"p": 5}],
        "t": {"a": 1, "b": 2},
        "u": {"x y": 1},
    }
    assert first.data == {"list": [{"p": 1}, {"p": 2}], "t": {"a": 1}}


def test_bad_settings_are_all_told(write):
    document = load_document(write("x.toml", "list = [1]"))
    lines = map(
        str,
        faults_of(
            set_values, document, ["firms", "a..b=1", "list[1]=2", "a=" + "9" * 30, "a=\udc80"]
        ),
    )
    assert list(lines) == [
        "--set: firms: has no value; write --set table.key=value",
        '--set: a..b = "1": is not a key; write --set table.key=value',
        '--set: list[1] = "2": the list has no such position',
        f'--set: a = "{"9" * 30}": must be an integer of at most 64 bits',
        '--set: a = " ": is not UTF-8 text',
    ]


# Writing


def test_what_is_dumped_is_read_back(write):
    data = {
        "title": 'Wine "and" \\ shoes\nin two lines, é',
        "t": {"x y": {"a": [1, 2.5, -math.inf], "empty": {}}, "none": None, "on": True},
        "arms": [{"p": 1, "none": None}, {"q": []}],
    }
    path = write("out.toml", dump_toml(data))
    assert read_toml(path) == {
        "title": data["title"],
        "t": {"x y": {"a": [1, 2.5, -math.inf], "empty": {}}, "on": True},
        "arms": [{"p": 1}, {"q": []}],
    }


@given(st.dictionaries(st.text(), PLAIN, max_size=4))
def test_any_plain_data_is_read_back(data):
    assert tomllib.loads(dump_toml(data)) == data
