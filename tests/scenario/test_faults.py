"""What is said of a bad file: for each way to be wrong, the very line."""

import datetime
import math
import pickle
from pathlib import Path

import pytest

from model.scenario.faults import (
    Fault,
    InputError,
    Misfit,
    MisfitError,
    nearest,
    show_key,
    show_value,
    suggest,
)
from model.scenario.files import Document, parse_document
from tests.scenario.odd_models import World


def lines_of(data: dict) -> list[str]:
    document = Document(data, Path("x.toml"), (), {(): Path("x.toml")})
    with pytest.raises(InputError) as caught:
        parse_document(document, World)
    return str(caught.value).splitlines()


NAN = "must be a finite number, from 0 to 1 (trust at the start); write e.g. trust = 0.3"
COUNT = "must be a whole number, from 1 to 1000 (small firms [firms])"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("firms", -3, "-3: must be from 1 to 1000 (small firms [firms]); write e.g. firms = 60"),
        ("firms", 2.0, f"2.0: {COUNT}; write firms = 2"),
        ("firms", 2.5, f"2.5: {COUNT}; write e.g. firms = 60"),
        ("firms", "60", f'"60": {COUNT}; write 60 without quotes'),
        ("firms", True, f"true: {COUNT}; write e.g. firms = 60"),
        ("firms", {"a": 1}, f"{{a = 1}}: {COUNT}; write e.g. firms = 60"),
        ("trust", 1.5, "1.5: must be from 0 to 1 (trust at the start); write e.g. trust = 0.3"),
        ("trust", math.nan, f"nan: {NAN}"),
        ("trust", -math.inf, f"-inf: {NAN}"),
        ("weight", math.inf, "inf: must be a finite number; write e.g. weight = 1.0"),
        ("weight", True, "true: must be a number; write e.g. weight = 1.0"),
        ("weight", "1e3", '"1e3": must be a number; write e.g. weight = 1.0'),
        ("weight", "-0.5", '"-0.5": must be a number; write -0.5 without quotes'),
        ("ties", 0, "0: must be more than 0 and less than 100; write e.g. ties = 6.0"),
        ("step", 3, "3: must be a multiple of 4; write e.g. step = 4"),
        ("positive", 0, "0: must be more than 0; write e.g. positive = 1"),
        ("level", 4, "4: must be from 0 to 3; write e.g. level = 0"),
        ("open", "yes", '"yes": must be true or false; write open = true'),
        ("open", 0, "0: must be true or false; write open = false"),
        ("open", 3, "3: must be true or false; write e.g. open = true"),
        ("title", "", '"": must not be empty; write e.g. title = "x"'),
        (
            "title",
            "long\ner",
            '"long\\ner": must have at most 5 characters; write e.g. title = "x"',
        ),
        ("title", 3, '3: must be a text in quotes; write title = "3"'),
        ("topology", "smal", '"smal": must be one of "small", "random"; did you mean "small"?'),
        ("topology", 3, '3: must be one of "small", "random"'),
        ("board", "State", '"State": must be one of "state", "firms"; did you mean "state"?'),
        ("range", [1.0], "[1.0]: number of entries must be 2, is 1"),
        ("range", [], "[]: number of entries must be 2, is 0"),
        ("range", [1, 2, 3], "[1, 2, 3]: number of entries must be at most 2, is 3"),
        ("shares", [], "[]: number of entries must be at least 1, is 0"),
        ("shares", 0.5, "0.5: must be a list in [ ]; write shares = [0.5]"),
        ("since", "soon", '"soon": must be a date such as 2005-01-31'),
        ("since", 3, "3: must be a date such as 2005-01-31"),
        ("network", 3, "3: must be a table; write it as a table, [communities.c.network]"),
        ("limit", "nome", '"nome": must be a whole number or "none"; did you mean "none"?'),
        ("profile", "x", '"x": must be a number or a list in [ ]; write e.g. profile = 0.0'),
        ("as-written", "x", '"x": must be a whole number; write e.g. as-written = 0'),
        (
            "switched_off",
            "trsut",
            '"trsut": must be one of 20 names; did you mean trust? '
            "known here: trust, wages, rrrrr, qqqqq, ppppp and 15 more",
        ),
    ],
)
def test_a_wrong_value(key, value, said):
    (line,) = lines_of({"communities": {"c": {"firms": 1, key: value}}})
    assert line == f"x.toml: communities.c.{key} = {said}"


@pytest.mark.parametrize(
    ("community", "said"),
    [
        ({"shares": [0.5, 2]}, "shares[1] = 2: must be from 0 to 1; write e.g. 0"),
        ({"weights": [0.5, 2]}, "weights[1] = 2: must be from 0 to 1; write e.g. 0"),
        ({"profile": [1, "x"]}, 'profile[1] = "x": must be a number'),
        ({"told": "x"}, 'told = "x": is of no kind that is known here; write e.g. told = 1'),
        ({"told": True}, "told = true: is of no kind that is known here; write e.g. told = 1"),
        ({"told": [1, "x"]}, 'told[1] = "x": must be a whole number'),
        (
            {"network": {"shape": "rng"}},
            'network.shape = "rng": must be one of "ring", "star"; did you mean "ring"?',
        ),
        ({"network": {}}, 'network.shape: is missing; it must be one of "ring", "star"'),
        (
            {"network": {"shape": "star", "hub": -1}},
            "network.hub = -1: must be at least 0; write e.g. hub = 0",
        ),
        (
            {"either": {"shape": "star", "hub": -1}},
            "either.hub = -1: must be at least 0; write e.g. hub = 0",
        ),
        ({"network": {"shape": "star"}}, "network.hub: is missing; write e.g. hub = 0"),
        ({"either": 3}, "either = 3: must be a table; write it as a table, [communities.c.either]"),
        ({"note": {}}, 'note.text: is missing (what to say); write text = "..."'),
        ({"alias": [1]}, "alias[0] = 1: must be at least 3; write e.g. 3"),
        (
            {"nested": {"shape": "mash"}},
            'nested.shape = "mash": must be one of "ring", "star", "mesh"; did you mean "mesh"?',
        ),
        (
            {"nested": {"shape": "star", "hub": "x"}},
            'nested.hub = "x": must be a whole number, at least 0; write e.g. hub = 0',
        ),
        (
            {"mixed": {"shape": "star", "hub": -1}},
            "mixed.hub = -1: must be at least 0; write e.g. hub = 0",
        ),
        (
            {"mixed": 2},
            "mixed = 2: must be a table or from 0 to 1; write it as a table, [communities.c.mixed]",
        ),
        (
            {"letter": {"note": {"text": ""}}},
            "letter.replies: is missing; write it as tables, [communities.c.letter.replies.NAME]",
        ),
        (
            {"letter": {"replies": {}}},
            "letter.note: is missing; write it as a table, [communities.c.letter.note]",
        ),
        (
            {"note": {"text": "x" * 90}},
            f'note.text = "{"x" * 56}...: must have at most 80 characters (what to say)',
        ),
        (
            {"network": {"shape": "ring", "tie": 3}},
            "network.tie = 3: is not a known key; did you mean ties? known here: shape, ties",
        ),
    ],
)
def test_a_wrong_value_further_down(community, said):
    (line,) = lines_of({"communities": {"c": {"firms": 1, **community}}})
    assert line == f"x.toml: communities.c.{said}"


TOP = "known here: horizon, start, run, communities, places, names"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"communities": {}}, "communities: number of entries must be at least 1, is 0"),
        (
            {"communities": 3},
            "communities = 3: must be a table; write it as a table, [communities]",
        ),
        (
            {"communities": {"c": {}}},
            "communities.c.firms: is missing (small firms [firms]); write e.g. firms = 60",
        ),
        (
            {"communities": {"Big City": {"firms": 1}}},
            'communities."Big City": this name must be small letters, digits and _, '
            "beginning with a letter",
        ),
        ({"places": {"a": 0.1}}, "places.a: this name must be a whole number"),
        ({"places": {"3": 4}}, "places.3 = 4: must be from 0 to 1; write e.g. 3 = 0"),
        ({"horizn": 3}, f"horizn = 3: is not a known key; did you mean horizon? {TOP}"),
        ({"zzz": {"a": 1}}, f"zzz: is not a known key; {TOP}"),
        ({"seed": 3}, f"seed = 3: is not a known key; seed belongs in [run]; {TOP}"),
        (
            {"trust": 1},
            f"trust = 1: is not a known key; trust belongs in [communities.NAME]; {TOP}",
        ),
        (
            {"run": {"start": "x"}},
            'run.start = "x": is not a known key; start belongs before the first [table]',
        ),
        (
            {"run": {"remove": ["seed"]}},
            'run.remove = ["seed"]: is not a known key; '
            'beside `extends`, write remove = ["run.seed"]',
        ),
        ({"start": "odd"}, 'start = "odd": odd is too odd'),
        ({"start": "bad"}, 'start = "bad": bad is too bad'),
        ({"start": "own"}, 'start = "own": must be a good start'),
        ({"horizon": 13}, "thirteen brings bad luck"),
    ],
)
def test_a_wrong_table(data, said):
    (line,) = lines_of({"communities": {"c": {"firms": 1}}, **data})
    assert line == f"x.toml: {said}"


def test_a_misspelt_required_key_is_one_fault():
    (line,) = lines_of({"communities": {"c": {"frims": 3}}})
    assert line == (
        "x.toml: communities.c.frims = 3: is not a known key; did you mean firms? "
        "known here: firms, ties, trust, limit, alias and 22 more"
    )


def test_one_line_for_each_fault():
    community = {"firms": "many", "trust": -1, "open": "perhaps", "colour": "red"}
    lines = lines_of({"communities": {"c": community}, "horizon": 0})
    keys = [line.split(" = ")[0].removeprefix("x.toml: ") for line in lines]
    assert keys == ["horizon", *(f"communities.c.{key}" for key in community)]


def test_a_validator_may_blame_the_very_keys():
    data = {"communities": {"mendoza": {"firms": 1}}, "names": ["mendosa", "mendoza", "x"]}
    assert lines_of(data) == [
        'x.toml: names[0] = "mendosa": no such community; did you mean mendoza? '
        "known here: mendoza",
        'x.toml: names[2] = "x": no such community; known here: mendoza',
    ]


def test_a_validator_may_blame_a_key_that_is_not_there():
    lines = lines_of(
        {"communities": {"c": {"firms": 1, "letter": {"note": {"text": "x"}, "replies": {}}}}}
    )
    assert lines == ["x.toml: communities.c.letter.replies.first: is missing; write one"]


def test_misfits_read_well_without_a_file():
    error = MisfitError(Misfit(("a", 0), "no such thing"), Misfit(("b",), "neither"))
    assert str(error) == "a[0]: no such thing; b: neither"


def test_a_fault_reads_in_any_completeness():
    assert str(Fault("x.toml", "a.b", "3", "must be 4", "write b = 4")) == (
        "x.toml: a.b = 3: must be 4; write b = 4"
    )
    assert str(Fault("x.toml", "a", "", "is missing")) == "x.toml: a: is missing"
    assert str(Fault("x.toml", "", "", "no such\nfile")) == "x.toml: no such file"


def test_an_input_error_is_its_faults_also_after_a_journey_between_processes():
    faults = (Fault("x.toml", "a", "1", "no"), Fault("x.toml", "b", "2", "no"))
    error = pickle.loads(pickle.dumps(InputError(*faults)))
    assert error.faults == faults
    assert str(error) == "x.toml: a = 1: no\nx.toml: b = 2: no"
    assert error.exit_code == 2


def test_values_and_keys_are_shown_as_toml():
    value = {"a b": [1, 0.5, True, 'x"y'], "d": datetime.date(2005, 1, 31)}
    assert show_value(value) == '{"a b" = [1, 0.5, true, "x\\"y"], d = 2005-01-31}'
    assert show_value("x" * 100) == '"' + "x" * 56 + "..."
    assert show_key(("a", 2, "b.c", "d-e")) == 'a[2]."b.c".d-e'


def test_the_nearest_word_does_not_mind_case_and_hyphens():
    assert nearest("Small-World", ["small_world", "random"]) == "small_world"
    assert nearest("zzz", ["small_world", "random"]) == ""
    assert suggest("zzz", []) == ""
