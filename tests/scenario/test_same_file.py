"""A table that extends another table of its own file."""

import pytest

from model.scenario.faults import InputError
from model.scenario.files import load_document


@pytest.fixture
def load(tmp_path):
    def written(text, **others):
        for name, content in others.items():
            (tmp_path / f"{name}.toml").write_text(content)
        (tmp_path / "top.toml").write_text(text)
        return load_document(tmp_path / "top.toml")

    return written


def told(load, text, **others):
    with pytest.raises(InputError) as raised:
        load(text, **others)
    return str(raised.value)


VALLEY = (
    "[communities.valley]\nfirms = 10\ntrust = 0.1\n[communities.valley.start]\nprocess = 0.2\n"
)


def test_it_has_all_of_the_other_but_what_it_says_itself(load):
    document = load(VALLEY + '[communities.oasis]\nextends = "#communities.valley"\nfirms = 99')
    assert document.data["communities"]["oasis"] == {
        "firms": 99,
        "trust": 0.1,
        "start": {"process": 0.2},
    }
    assert document.data["communities"]["valley"]["firms"] == 10
    assert document.origin("communities.oasis.trust").name == "top.toml"


def test_the_order_in_the_file_makes_no_difference(load):
    oasis = '[communities.oasis]\nextends = "#communities.valley"\nfirms = 99\n'
    one, other = load(oasis + VALLEY).data, load(VALLEY + oasis).data
    assert one == other


def test_it_takes_what_the_file_and_the_other_table_inherit(load):
    document = load(
        'extends = "base.toml"\n[communities.valley]\nextends = "more.toml"\nfirms = 3\n'
        '[communities.oasis]\nextends = "#communities.valley"\nb = 2',
        base="[communities.valley]\nfirms = 1\na = 1\nb = 1\nc = 1",
        more="c = 5",
    )
    assert document.data["communities"]["oasis"] == {"firms": 3, "a": 1, "b": 2, "c": 5}
    assert document.data["communities"]["valley"] == {"firms": 3, "a": 1, "b": 1, "c": 5}


def test_a_table_that_is_only_inherited_can_be_extended(load):
    document = load(
        'extends = "base.toml"\n[communities.oasis]\nextends = "#communities.valley"\nb = 2',
        base="[communities.valley]\na = 1",
    )
    assert document.data["communities"]["oasis"] == {"a": 1, "b": 2}


def test_tables_extend_each_other_in_a_row_and_remove_what_they_do_not_want(load):
    document = load(
        VALLEY + '[communities.b]\nextends = "#communities.valley"\nremove = ["trust"]\n'
        '[communities.c]\nextends = "#communities.b"\nfirms = 7'
    )
    assert document.data["communities"]["c"] == {"firms": 7, "start": {"process": 0.2}}


def test_another_file_takes_the_table_with_all_that_it_extends(load):
    world = VALLEY + '[communities.oasis]\nextends = "#communities.valley"\nfirms = 99'
    document = load('[communities.x]\nextends = "world.toml#communities.oasis"', world=world)
    assert document.data["communities"]["x"]["trust"] == 0.1
    whole = load('extends = "world.toml"\n[communities.valley]\ntrust = 0.9', world=world)
    assert whole.data["communities"]["oasis"]["trust"] == 0.1  # as its own file has it
    assert whole.data["communities"]["valley"]["trust"] == 0.9


@pytest.mark.parametrize(
    "text",
    [
        '[c.x]\nextends = "#c.x"',
        '[c.x]\nextends = "#c"',
        '[c]\nextends = "#c.x"\n[c.x]\na = 1',
        '[c.x]\nextends = "#c.y"\n[c.y]\nextends = "#c.x"',
        '[c.x]\nextends = "#c.y"\n[c.y]\nextends = "#c.z"\n[c.z]\nextends = "#c.x"',
        '[c.x]\nextends = "#c.y"\n[c.y.inner]\nextends = "#c.x"',
    ],
)
def test_a_circle_is_a_fault(load, text):
    assert "goes in a circle" in told(load, text)


def test_a_table_that_is_not_there_is_told_with_the_nearest(load):
    said = told(load, VALLEY + '[communities.oasis]\nextends = "#communities.vally"')
    assert said.count("\n") == 0
    assert "this file has no table communities.vally; did you mean communities.valley?" in said
