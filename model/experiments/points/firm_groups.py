"""Groups of firms: where they are, to whom they sell, in what they take part, who owns them.

Single firms are read off ``firm_snapshots``. A mean over a group is of firms in business; where worlds are
compared, of the same firms in all of them, whichever world the group is chosen in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from model.experiments.points.firm_snapshots import of_firms
from model.language import noted, say
from model.parameters import Section
from model.scenario.faults import Misfit, MisfitError
from model.scenario.names_and_shares import Name
from model.theory.ownership import LOCAL
from model.world.row_names import Names
from model.world.tables import NOBODY

OWNERS = ("local", "foreign")
"""Who owns a firm: somebody here, or a parent elsewhere (owned from abroad, or a leader's plant)."""


def supplies(seen: np.ndarray, names: Names, chain: str) -> np.ndarray:
    """Which firms sell into a chain, (n,) bool; none where there is no such chain."""
    if chain not in names.chains:
        return np.zeros(len(seen), bool)
    return np.asarray((seen["contract"] == names.chains.index(chain)).any(axis=1))


def takes_part(seen: np.ndarray, names: Names, key: str) -> np.ndarray:
    """Which firms are members of an institution, or took part in an instrument; (n,) bool."""
    which = np.zeros(len(seen), bool)
    if key in names.institutions:
        which |= names.belong(seen, names.institutions.index(key))
    if key in names.instruments:
        which |= seen["programmes"] >> names.instruments.index(key) & 1 == 1
    return which


def owned_abroad(seen: np.ndarray) -> np.ndarray:
    """Which firms somebody abroad owns, or are a leader's plants; (n,) bool."""
    return np.asarray(seen["ownership"] != LOCAL)


def same_firms(seen: np.ndarray, elsewhere: Iterable[np.ndarray]) -> np.ndarray:
    """Which firms are in business, and the same, in all of some other worlds; (n,) bool."""
    there = np.ones(len(seen), bool)
    for firms in elsewhere:
        there &= (firms["active"] == 1) & (firms["born"] == seen["born"])
    return there


def mean_of(seen: np.ndarray, measure: str) -> float:
    """Mean of a measure over firms, each counted once; NaN of none."""
    found = of_firms(seen, measure)
    return float(found.mean()) if len(found) else np.nan


_OWNED = {"local": noted("local firms"), "foreign": noted("foreign firms")}


def _joined(names: Iterable[str], joint: str = "{words} or {last}") -> str:
    """Names in words: ``a or b or c``."""
    words = [name.replace("_", " ") for name in names]
    return reduce(lambda said, last: say(joint, words=said, last=last), words)


class FirmGroup(Section):
    """Firms that meet every key that is given, or the community that is named alone."""

    community: Name | None = Field(None, description="those of this community; default: of all")
    chains: tuple[Name, ...] | None = Field(
        None, max_length=100, description="those that sell into these chains (see match)"
    )
    match: Literal["any", "all", "exactly"] = Field(
        "any",
        description="into at least one of the chains, into all of them, or into exactly these and no "
        "other (chains = [] and exactly: into none)",
    )
    participants: tuple[Name, ...] = Field(
        (),
        max_length=100,
        description="members of one of these institutions, or firms that took part in one of these "
        "instruments since they were founded",
    )
    owned: Literal["local", "foreign"] | None = Field(
        None, description="local firms, or those owned from abroad and plants of a leader"
    )

    @model_validator(mode="after")
    def _says_something(self) -> FirmGroup:
        if self.community is None and not self.by_firms:
            hint = 'write e.g. {community = "valley"} or {participants = ["centre"]}'
            raise MisfitError(Misfit((), "names no group", hint))
        if self.match != "any" and self.chains is None:
            raise MisfitError(Misfit(("match",), "goes with chains"))
        if self.chains == () and self.match != "exactly":
            hint = 'write match = "exactly" for firms that sell into no chain'
            raise MisfitError(Misfit(("chains",), "names no chain", hint))
        return self

    @property
    def by_firms(self) -> bool:
        """Whether single firms must be looked at: it is not a community as a whole."""
        return self.chains is not None or bool(self.participants) or self.owned is not None

    @property
    def named(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """What it names of a world: key, what that is, names."""
        yield "community", "community", (self.community,) if self.community else ()
        yield "chains", "chain", self.chains or ()
        yield "participants", "institution or instrument", self.participants

    @property
    def column(self) -> str:
        """The group in the name of a column."""
        parts = [self.community] if self.community else []
        if self.chains is not None:
            kind = {"any": "suppliers", "all": "suppliers_of_all", "exactly": "suppliers_of_only"}
            parts += [*self.chains, kind[self.match]] if self.chains else ["no_chain"]
        parts += [*self.participants, "participants"] if self.participants else []
        parts += [self.owned] if self.owned else []
        return "_".join(parts)

    @property
    def label(self) -> str:
        """The group in words, in the language spoken."""
        parts = [] if self.chains is None else [self._suppliers]
        if self.participants:
            parts.append(say("participants of {names}", names=_joined(self.participants)))
        parts += [say(_OWNED[self.owned])] if self.owned else []
        parts += [self.community.replace("_", " ")] if self.community else []
        return ", ".join(parts)

    @property
    def _suppliers(self) -> str:
        if not self.chains:
            return say("suppliers of no chain")
        if self.match == "any":
            return say("suppliers of {chains}", chains=_joined(self.chains))
        every = _joined(self.chains, "{words} and {last}")
        if self.match == "all":
            return say("suppliers of {chains}", chains=every)
        return say("suppliers of {chains} only", chains=every)

    def members(self, seen: np.ndarray, names: Names, others: bool = False) -> np.ndarray:
        """Which firms belong to it, in business or not, (n,) bool; ``seen``: (n,) SNAPSHOT.

        ``others``: the other firms, those of the same community where one is named.
        """
        inside = np.ones(len(seen), bool)
        if self.chains is not None:
            into = [supplies(seen, names, chain) for chain in self.chains]
            if self.match == "any":
                inside &= np.logical_or.reduce(into)
            else:
                inside &= np.logical_and.reduce([inside, *into])
            if self.match == "exactly":
                inside &= (seen["contract"] != NOBODY).sum(axis=1) == len(self.chains)
        if self.participants:
            parts = [takes_part(seen, names, key) for key in self.participants]
            inside &= np.logical_or.reduce(parts)
        if self.owned is not None:
            inside &= owned_abroad(seen) == (self.owned == "foreign")
        if others:
            inside = ~inside
        if self.community is not None:
            inside &= seen["community"] == names.communities.index(self.community)
        return inside


def apart(
    measure: str,
    of: FirmGroup | None,
    less: FirmGroup | None,
    others: bool,
    chosen: tuple[np.ndarray, Names],
    seen: np.ndarray,
    elsewhere: Iterable[np.ndarray],
) -> float:
    """Mean of a group of firms, less that of another group or of the others; NaN where one is empty.

    ``chosen``: firms of the world in which groups are chosen, and its names; ``seen``: the firms that are
    measured; ``elsewhere``: worlds in which firms must be in business, and the same, to count.
    """
    firms, names = chosen
    there = same_firms(firms, elsewhere)
    if of is None:
        raise ValueError("no group of firms is named")
    found = mean_of(seen[there & of.members(firms, names)], measure)
    if others:
        found -= mean_of(seen[there & of.members(firms, names, others=True)], measure)
    elif less is not None:
        found -= mean_of(seen[there & less.members(firms, names)], measure)
    return found
