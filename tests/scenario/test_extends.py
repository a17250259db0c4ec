"""Files that extend each other: order, removal, circles, and where each value came from."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.scenario.faults import parse_key, show_key
from model.scenario.files import (
    load_document,
)
from model.scenario.layers import overlay
from tests.scenario.said import faults_of, message_of

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
