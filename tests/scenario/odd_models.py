"""Models of every kind that a file can be validated by."""

import datetime
import enum
from typing import Annotated, Literal, NewType

from annotated_types import Ge, Interval
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PositiveInt,
    RootModel,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from model.scenario.faults import (
    Misfit,
    MisfitError,
    suggest,
)

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        json_schema_extra={"allowed": "small letters, digits and _, beginning with a letter"},
    ),
]
Alias = TypeAliasType("Alias", Annotated[list[Annotated[int, Ge(3)]], Field(max_length=2)])
Weight = NewType("Weight", float)


class Board(enum.Enum):
    STATE = "state"
    FIRMS = "firms"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Weights(RootModel[tuple[Share, ...]]):
    """A list under a name of its own."""


class Ring(Strict):
    shape: Literal["ring"]
    ties: int = 2


class Star(Strict):
    shape: Literal["star"]
    hub: Annotated[int, Field(ge=0)]


def size_of(value):
    return {list: "many", int: "one", bool: "none"}.get(type(value))


class Mesh(Strict):
    shape: Literal["mesh"]


class Note(Strict):
    text: str = Field(description="what to say", max_length=80)
    replies: dict[str, str] = {}


class Letter(Strict):
    note: Note
    replies: dict[str, Note]

    @model_validator(mode="after")
    def _answered(self) -> "Letter":
        if "first" not in self.replies:
            raise MisfitError(Misfit(("replies", "first"), "is missing", "write one"))
        return self


MANY = ("trust", "wages", *(letter * 5 for letter in "abcdefghijklmnopqr"))


class Community(Strict):
    firms: int = Field(
        ge=1, le=1000, description="small firms", json_schema_extra={"unit": "firms"}, examples=[60]
    )
    trust: Share = Field(0.3, description="trust at the start")
    ties: float = Field(6.0, gt=0, lt=100)
    step: int = Field(4, multiple_of=4)
    positive: PositiveInt = 1
    weight: Weight = Weight(1.0)
    open: bool = True
    title: str = Field("x", min_length=1, max_length=5)
    topology: Literal["small", "random"] = "random"
    board: Board = Board.STATE
    range: tuple[float, float] = (0, 1)
    shares: list[Share] = Field([0.1], min_length=1, max_length=3)
    weights: Weights = Weights((0.5,))
    since: datetime.date | None = None
    network: Annotated[Ring | Star, Field(discriminator="shape")] | None = None
    either: Ring | Star | None = None
    limit: int | Literal["none"] | None = None
    profile: float | list[float] = 0.0
    level: Annotated[int, Interval(ge=0, le=3)] = 0
    spelt: int = Field(0, validation_alias=AliasChoices("as-written", "other"))
    note: Note | None = None
    letter: Letter | None = None
    alias: Alias = []
    nested: (
        Annotated[
            Annotated[Ring | Star, Field(discriminator="shape")] | Mesh,
            Field(discriminator="shape"),
        ]
        | None
    ) = None
    mixed: Annotated[Ring | Star, Field(discriminator="shape")] | Share = 0.0
    switched_off: Literal[MANY] = "wages"
    told: Annotated[
        Annotated[list[int], Tag("many")] | Annotated[int, Tag("one")], Discriminator(size_of)
    ] = 1


class Run(Strict):
    ticks: int = 10
    seed: int = 1


class World(Strict):
    horizon: int = Field(10, ge=1)
    start: str = ""
    run: Run = Run()
    communities: dict[Name, Community] = Field({}, min_length=1)
    places: dict[int, Share] = {}
    names: tuple[str, ...] = ()

    @field_validator("start")
    @classmethod
    def _known(cls, start: str) -> str:
        if start == "odd":
            raise ValueError("odd is too odd")
        if start == "own":
            raise PydanticCustomError("own", "Input should be a {what}", {"what": "good start"})
        if start == "bad":
            raise AssertionError("bad is too bad")
        return start

    @model_validator(mode="after")
    def _named(self) -> "World":
        misfits = [
            Misfit(("names", i), "no such community", suggest(name, self.communities))
            for i, name in enumerate(self.names)
            if name not in self.communities
        ]
        if misfits:
            raise MisfitError(*misfits)
        if self.horizon == 13:
            raise ValueError("thirteen brings bad luck")
        return self
