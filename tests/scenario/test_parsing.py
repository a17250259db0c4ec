"""Documents become models or faults, and the schema of files says what the loader allows."""

import json
import math
from pathlib import Path
from typing import Annotated, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from model.scenario.faults import InputError
from model.scenario.files import (
    Document,
    dump_toml,
    load_document,
    parse_document,
    set_value,
    to_json_schema,
)
from model.scenario.layers import origins_of
from tests.scenario.plain_data import PLAIN
from tests.scenario.said import faults_of

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
