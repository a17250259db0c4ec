"""Files that extend each other: order, removal, provenance, settings, and what is refused."""

import hashlib
import json
import math
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from model.scenario.faults import WIDEST, InputError, parse_key, show_key
from model.scenario.files import (
    Document,
    dump_toml,
    load_document,
    parse_document,
    read_toml,
    set_value,
    set_values,
    to_json_schema,
)
from model.scenario.layers import origins_of, overlay


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files below the current directory, a temporary one."""
    monkeypatch.chdir(tmp_path)

    def write_one(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_one


def faults_of(call, *args):
    with pytest.raises(InputError) as caught:
        call(*args)
    return caught.value.faults


def message_of(call, *args) -> str:
    (fault,) = faults_of(call, *args)
    return str(fault)


# Overlay


LEAVES = st.one_of(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=3))


def tables(depth: int = 2):
    """Tables in which a key is always a table or never one."""
    leaves = st.dictionaries(st.sampled_from("abc"), LEAVES, max_size=3)
    if depth == 0:
        return leaves
    below = st.dictionaries(st.sampled_from("xyz"), tables(depth - 1), max_size=3)
    return st.builds(lambda one, other: {**one, **other}, leaves, below)


@given(tables(), tables(), tables())
def test_overlay_is_associative(a, b, c):
    assert overlay(overlay(a, b), c) == overlay(a, overlay(b, c))


@given(tables())
def test_an_empty_table_overlays_nothing(table):
    assert overlay(table, {}) == table == overlay({}, table)


def test_overlay_leaves_what_it_is_given_alone():
    under = {"a": {"x": [1]}}
    merged = overlay(under, {"b": 1})
    merged["a"]["x"].append(2)
    assert under == {"a": {"x": [1]}}


def test_tables_overlay_by_key_and_all_else_is_replaced():
    under = {"t": {"a": 1, "b": 2}, "list": [1, 2], "both": {"a": 1}}
    over = {"t": {"b": 3, "c": 4}, "list": [9], "both": 5}
    assert overlay(under, over) == {"t": {"a": 1, "b": 3, "c": 4}, "list": [9], "both": 5}


# Extending files


def test_a_file_overlays_the_file_it_extends(write):
    write("base.toml", "a = 1\n[t]\nx = 1\ny = 1")
    top = write("deep/top.toml", 'extends = "../base.toml"\n[t]\ny = 2')
    assert load_document(top).data == {"a": 1, "t": {"x": 1, "y": 2}}


def test_later_files_overlay_earlier_ones(write):
    write("one.toml", "a = 1\nb = 1\nc = 1")
    write("two.toml", "b = 2\nc = 2")
    top = write("top.toml", 'extends = ["one.toml", "two.toml"]\nc = 3')
    assert load_document(top).data == {"a": 1, "b": 2, "c": 3}


def test_in_a_diamond_the_common_file_counts_once_at_the_bottom(write):
    write("base.toml", "a = 0\nb = 0\nc = 0")
    write("left.toml", 'extends = "base.toml"\na = 1')
    write("right.toml", 'extends = "base.toml"\nb = 2')
    top = write("top.toml", 'extends = ["left.toml", "right.toml"]')
    document = load_document(top)
    assert document.data == {"a": 1, "b": 2, "c": 0}
    names = [source.path.name for source in document.files]
    assert names == ["base.toml", "left.toml", "right.toml", "top.toml"]


@pytest.mark.parametrize(
    "files",
    [
        {"p": "", "a": 'extends = "p"', "top": 'extends = ["a", "p"]'},
        {
            "p": "",
            "q": "",
            "a": 'extends = ["p", "q"]',
            "b": 'extends = ["q", "p"]',
            "top": 'extends = ["a", "b"]',
        },
    ],
)
def test_an_order_that_can_not_be_kept_is_a_fault(write, files):
    for name, text in files.items():
        write(name, text)
    assert "in the same order everywhere" in message_of(load_document, "top")


def test_the_digest_is_that_of_the_bytes(write):
    path = write("one.toml", "a = 1  # é\r\n")
    (source,) = load_document(path).files
    assert source.path == path
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


# Extending tables


def test_a_table_extends_a_table_of_another_file_with_all_that_this_inherits(write):
    write("base.toml", "[communities.x]\nfirms = 10\ntrust = 0.1")
    write("cases/x.toml", 'extends = "../base.toml"\n[communities.x]\ntrust = 0.5')
    top = write(
        "top.toml",
        '[communities.here]\nextends = "cases/x.toml#communities.x"\nfirms = 99\n'
        '[communities."other one"]\nextends = ["cases/x.toml#communities.x"]',
    )
    assert load_document(top).data["communities"] == {
        "here": {"firms": 99, "trust": 0.5},
        "other one": {"firms": 10, "trust": 0.5},
    }


def test_a_table_may_extend_a_whole_file_and_entries_of_a_list_may_too(write):
    write("lab.toml", "fee = 1\n[access]\nopen = true")
    top = write(
        "top.toml",
        '[institutions.a]\nextends = "lab.toml"\n[institutions.a.access]\nopen = false\n'
        '[[arms]]\nname = "none"\n[[arms]]\nextends = "lab.toml"\nfee = 2',
    )
    document = load_document(top)
    assert document.data == {
        "institutions": {"a": {"fee": 1, "access": {"open": False}}},
        "arms": [{"name": "none"}, {"fee": 2, "access": {"open": True}}],
    }
    assert document.origin("arms[1].fee").name == "top.toml"
    assert document.origin("arms[1].access.open").name == "lab.toml"


def test_a_file_may_begin_from_a_table_of_another(write):
    write("all.toml", "[a]\nx = 1\n[b]\ny = 1")
    assert load_document(write("top.toml", 'extends = "all.toml#b"\nz = 1')).data == {
        "y": 1,
        "z": 1,
    }


def test_tables_that_begin_from_the_same_one_share_nothing(write):
    write("x.toml", "list = [1]\n[t]\na = 1")
    data = load_document(write("top.toml", '[p]\nextends = "x.toml"\n[q]\nextends = "x.toml"')).data
    data["p"]["t"]["a"] = 2
    data["p"]["list"].append(2)
    assert data["q"] == {"list": [1], "t": {"a": 1}}


# Removing


def test_inherited_entries_are_removed_before_the_own_keys_are_laid_on(write):
    write("base.toml", "keep = 1\n[c.x]\na = 1\n[c.y]\na = 1\n[i.z]\na = 1\nb = 1")
    top = write("top.toml", 'extends = "base.toml"\nremove = ["c.x", "i.z"]\n[i.z]\nb = 2\n')
    assert load_document(top).data == {"keep": 1, "c": {"y": {"a": 1}}, "i": {"z": {"b": 2}}}


def test_remove_works_in_a_table_that_extends(write):
    write("case.toml", "a = 1\nb = 1\n[deep]\nc = 1\nd = 1")
    top = write("top.toml", '[t]\nextends = "case.toml"\nremove = ["b", "deep.c"]')
    assert load_document(top).data == {"t": {"a": 1, "deep": {"d": 1}}}


def test_what_is_removed_on_two_ways_is_no_fault(write):
    write("base.toml", "a = 1\nb = 1")
    write("one.toml", 'extends = "base.toml"\nremove = ["a"]')
    write("two.toml", 'extends = "base.toml"\nremove = ["a"]')
    assert load_document(write("top.toml", 'extends = ["one.toml", "two.toml"]')).data == {"b": 1}


def test_unknown_removals_are_faults_that_name_the_nearest(write):
    write("base.toml", "[communities.mendoza]\nfirms = 1\n[communities.san_juan]\nfirms = 1")
    top = write(
        "top.toml",
        'extends = "base.toml"\nremove = ["communities.mendosa", "institution"]\n'
        '[communities.mendoza]\nextends = "base.toml#communities.mendoza"\nremove = "fims"',
    )
    lines = [str(fault) for fault in faults_of(load_document, top)]
    assert lines == [
        'top.toml: communities.mendoza.remove = "fims": nothing named fims is inherited; '
        "did you mean firms? known here: firms",
        'top.toml: remove = "communities.mendosa": nothing named communities.mendosa is '
        "inherited; did you mean communities.mendoza? "
        "known here: communities.mendoza, communities.san_juan",
        'top.toml: remove = "institution": nothing named institution is inherited; '
        "known here: communities",
    ]


# Cycles, gaps, depth


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("nested", [False, True])
def test_a_cycle_is_named_whole(write, length, nested):
    names = [f"{i}.toml" for i in range(length)]
    for i, name in enumerate(names):
        following = names[(i + 1) % length]
        write(name, f'[t]\nextends = "{following}#t"' if nested else f'extends = "{following}"')
    message = message_of(load_document, "0.toml")
    assert " -> ".join([*names, "0.toml"]) in message
    assert message.startswith(f"{names[-1]}: {'t.' if nested else ''}extends = ")


def test_a_cycle_through_a_file_and_a_table_is_found(write):
    write("a.toml", 'extends = "b.toml"\n[t]\nx = 1')
    write("b.toml", '[u]\nextends = "a.toml#t"')
    assert "a.toml -> b.toml -> a.toml" in message_of(load_document, "a.toml")


def test_a_cycle_below_the_file_asked_for_does_not_name_it(write):
    write("top.toml", 'extends = "a.toml"')
    write("a.toml", 'extends = "b.toml"')
    write("b.toml", 'extends = "a.toml"')
    message = message_of(load_document, "top.toml")
    assert "circle: a.toml -> b.toml -> a.toml" in message
    assert "top.toml" not in message


def test_a_missing_parent_is_told_by_the_file_that_asks_for_it(write):
    write("cases/mendoza.toml", "")
    top = write("top.toml", '[c.x]\nextends = "cases/mendosa.toml#c"\n[c.y]\nextends = "no/x.toml"')
    assert [str(fault) for fault in faults_of(load_document, top)] == [
        'top.toml: c.x.extends = "cases/mendosa.toml#c": cases/mendosa.toml: no such file; '
        "did you mean cases/mendoza.toml?",
        'top.toml: c.y.extends = "no/x.toml": no/x.toml: no such file: there is no folder no',
    ]


def test_a_missing_table_is_told_with_the_nearest(write):
    write("case.toml", "[communities.mendoza]\nfirms = 1")
    top = write("top.toml", '[c.x]\nextends = "case.toml#communities.mendosa"')
    assert message_of(load_document, top) == (
        'top.toml: c.x.extends = "case.toml#communities.mendosa": '
        "case.toml has no table communities.mendosa; did you mean communities.mendoza? "
        "known here: communities.mendoza"
    )
    top = write("top.toml", '[c.x]\nextends = "case.toml#communities.mendoza.firms"')
    assert "has no table communities.mendoza.firms" in message_of(load_document, top)


def test_a_chain_has_an_end(write):
    for i in range(30):
        write(f"{i}.toml", f'extends = "{i + 1}.toml"')
    write("30.toml", "")
    assert "more than 16 files" in message_of(load_document, "0.toml")
    assert load_document("20.toml").data == {}


@pytest.mark.parametrize(
    "value", ["3", "true", '["a.toml", 3]', '""', '"#"', '"a.toml#c..x"', '{ file = "a" }']
)
def test_extends_names_files(write, value):
    write("a.toml", "[c.x]")
    top = write("top.toml", f"[t]\nextends = {value}")
    message = message_of(load_document, top)
    assert message.startswith("top.toml: t.extends = ")
    assert 'must name a file, such as "a.toml"' in message


def test_remove_names_keys(write):
    write("a.toml", "x = 1")
    top = write("top.toml", 'extends = "a.toml"\nremove = ["x", 3]')
    assert message_of(load_document, top) == (
        'top.toml: remove = 3: must be a list of keys, such as ["institutions.x"]'
    )


# Provenance


def test_each_key_remembers_the_file_that_wrote_it_last(write):
    one = write("one.toml", "a = 1\nb = 1\nc = 1\n[t]\nx = 1\ny = 1\nlist = [{ p = 1 }, { p = 2 }]")
    two = write("two.toml", 'extends = "one.toml"\nb = 2\nc = 2\n[t]\ny = 2')
    three = write("three.toml", 'extends = "two.toml"\nc = 3\n[t]\nlist = [{ q = 1 }]\n[u]')
    document = load_document(three)
    assert document.origin("a") == document.origin("t.x") == one
    assert document.origin("b") == document.origin(("t", "y")) == two
    assert document.origin("c") == document.origin("t") == document.origin("u") == three
    assert document.origin("t.list[0].q") == document.origin("t.list[0].missing") == three
    assert document.origin("nowhere.at.all") == document.path == three


@given(st.lists(st.one_of(st.text(max_size=18), st.integers(0, 99)), min_size=1, max_size=4))
def test_a_key_is_read_as_it_is_shown(parts):
    # a key has at most a thousand characters; one may take twelve where it is escaped
    key = (str(parts[0]), *parts[1:])
    assert parse_key(show_key(key)) == key


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", "[0]", "a b", "a[x]", 'a."b', "a.[0]"]
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match="not a key"):
        parse_key(text)


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


PLAIN = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.text(),
        st.dates(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=4))
def test_any_plain_data_is_read_back(data):
    assert tomllib.loads(dump_toml(data)) == data


# Validating


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Community(Strict):
    firms: int = Field(ge=1, description="small firms")
    shares: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()


class Laboratory(Strict):
    kind: Literal["laboratory"]
    fee: float = 0.0


class Club(Strict):
    kind: Literal["club"]
    members: int = 1


class World(Strict):
    """A small world."""

    title: str = ""
    communities: dict[str, Community] = Field({}, min_length=1)
    institutions: dict[str, Annotated[Laboratory | Club, Field(discriminator="kind")]] = {}


def test_a_valid_document_becomes_a_model(write):
    text = "[communities.x]\nfirms = 3\nshares = [0, 0.5]\n[institutions.a]\nkind = 'club'"
    world = parse_document(load_document(write("x.toml", text)), World)
    assert world == World(
        communities={"x": Community(firms=3, shares=(0.0, 0.5))},
        institutions={"a": Club(kind="club")},
    )


def test_faults_name_the_file_that_wrote_the_key(write):
    write("base.toml", "[communities.x]\nfirms = -1\nshares = [0.5, 2]")
    top = write("top.toml", 'extends = "base.toml"\n[communities.x]\nshare = 1')
    document = set_value(load_document(top), "communities.y.firms", "many")
    where = {fault.key: fault.file for fault in faults_of(parse_document, document, World)}
    assert where == {
        "communities.x.firms": "base.toml",
        "communities.x.shares[1]": "base.toml",
        "communities.x.share": "top.toml",
        "communities.y.firms": "--set",
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(), st.text().map(str.encode)))
def test_any_bytes_are_a_document_or_an_input_error(tmp_path, content):
    path = tmp_path / "any.toml"
    path.write_bytes(content)
    check_loads_or_refuses(path)


WORDS = st.sampled_from(
    ["extends", "remove", "title", "communities", "institutions", "kind", "firms", "shares", "x"]
)
VALUES = st.recursive(
    PLAIN | st.sampled_from(["other.toml", "other.toml#x", "any.toml", "club", "x", math.nan, 1]),
    lambda inner: st.dictionaries(WORDS, inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(WORDS, VALUES), other=st.dictionaries(WORDS, VALUES))
def test_any_table_is_a_document_or_an_input_error(tmp_path, data, other):
    (tmp_path / "other.toml").write_text(dump_toml(other), encoding="utf-8")
    path = tmp_path / "any.toml"
    path.write_text(dump_toml(data), encoding="utf-8")
    check_loads_or_refuses(path)


@given(key=st.text(), text=st.text())
def test_any_setting_is_a_document_or_an_input_error(key, text):
    document = Document({"x": {"list": [1]}}, Path("x.toml"), (), {(): Path("x.toml")})
    try:
        assert isinstance(set_value(document, key, text), Document)
    except InputError as error:
        check_lines(error)


def check_loads_or_refuses(path):
    try:
        document = load_document(path)
        assert isinstance(document, Document)
        assert document.origins.keys() == origins_of(document.data, path).keys()
        assert isinstance(parse_document(document, World), World)
    except InputError as error:
        check_lines(error)


def check_lines(error):
    assert error.exit_code == 2
    assert error.faults
    lines = str(error).splitlines()
    assert lines == [str(fault) for fault in error.faults]
    assert all(line.isprintable() for line in lines)


# Schema


def test_the_schema_knows_what_the_loader_allows():
    schema = to_json_schema(World)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "World"
    assert schema["description"] == "A small world."
    community = schema["$defs"]["Community"]
    for table in (schema, community, schema["properties"]["communities"]):
        assert {"extends", "remove"} <= table["properties"].keys()
        assert table["dependentRequired"] == {"remove": ["extends"]}
    assert community["additionalProperties"] is False
    assert community["properties"]["firms"]["minimum"] == 1
    text = json.dumps(schema)
    assert '"required"' not in text
    assert '"oneOf"' not in text
    assert '"minProperties"' not in text


def test_a_key_named_like_a_word_of_the_schema_stays_a_key():
    class Odd(Strict):
        required: int
        oneOf: Literal["required"] = "required"  # noqa: N815
        remove: list[str] = []

    schema = to_json_schema(Odd)
    assert {"required", "oneOf"} <= schema["properties"].keys()
    assert schema["properties"]["remove"]["type"] == "array"
    assert "dependentRequired" not in schema
