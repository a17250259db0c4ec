"""The picture of a world: an anywidget canvas that is sent a few arrays a frame (canvas.js draws)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from model.language import decimal_sign, noted, say, say_name, spoken
from model.theory.practices import DIMENSIONS, PER_RUNG
from model.theory.road import HIGH
from model.theory.support import GOVERNANCE
from model.theory.value_added import GLOBAL
from model.viewer.map import HEIGHT, WIDTH, Places
from model.viewer.snapshot import Snapshot, never_parted
from model.wording import colours
from model.wording.numbers import counted
from model.wording.titles import GOVERNED, communities_of, institution_title, title_of
from model.world.tables import NOBODY, TIE_KINDS

COLOURS = ("road", *DIMENSIONS, "chain", "market", "jobs")
"""By what firms can be coloured."""
MARKETS = (
    noted("sells abroad"), noted("sells into a chain at home"), noted("sells outside chains"),
)  # fmt: skip
GROWTH = (
    noted("jobs: lost more than 10% in a year"), noted("lost 2 to 10%"), noted("about as many"),
    noted("gained 2 to 10%"), noted("gained more than 10%"), noted("founded within the year"),
)  # fmt: skip
"""What colours stand for, in the order of ``colours.MARKET`` and ``colours.GROWTH``."""
_GROWN = (0.9, 0.98, 1.02, 1.1)  # workers now over workers a year ago, between the kinds of GROWTH

_ABROAD, _AT_HOME = noted("{governance}, sells abroad"), noted("{governance}, sells at home")
_WORDS = {
    "map": noted("map"),
    "vacant": noted("Place {row}, {place}: no firm is there now"),
    "high": noted("Firm {row}, {place}, high road"),
    "low": noted("Firm {row}, {place}, low road"),
    "scores": noted("Scores 0-3: {scores}"),
    "economy": noted(
        "{workers} workers; per worker and quarter: value added {value_added}, wage {wage} units of account"
    ),
    "parted": noted("Its two lives part in quarter {quarter}"),
    "read": noted("Click, or press Enter, to read its life"),
    "closer": noted("Zoom in"),
    "farther": noted("Zoom out"),
    "all": noted("Show all"),
    "save": noted("Save this picture"),
}
"""What canvas.js says; it fills the gaps."""

_ACTIVE, _PARTED, _HIGH_ROAD = 1, 2, 4
_SMALLEST = 0.3  # of the largest radius


class WorldCanvas(anywidget.AnyWidget):
    """Traits that canvas.js reads; it sets ``ack`` to the frame it has drawn, ``picked`` on a click."""

    _esm = Path(__file__).with_name("canvas.js")

    scene = traitlets.Dict().tag(sync=True)  # what does not move
    places = traitlets.Bytes(b"").tag(sync=True)  # (n_firms, 2) float32
    counts: Any = traitlets.List().tag(sync=True)  # [kind, pairs] in the order of ``pairs``
    pairs = traitlets.Bytes(b"").tag(
        sync=True
    )  # (n, 2) uint32: firm, and firm, chain or institution
    colour = traitlets.Bytes(b"").tag(sync=True)  # (n_firms,) uint8: place in ``paint``
    paint: Any = traitlets.List().tag(sync=True)
    size = traitlets.Bytes(b"").tag(sync=True)  # (n_firms,) float32: radius
    flags = traitlets.Bytes(b"").tag(sync=True)  # (n_firms,) uint8
    facts = traitlets.Bytes(b"").tag(sync=True)  # (n_firms, 8) float32: what a firm's tip tells
    notes = traitlets.Dict().tag(sync=True)  # what tips and labels of the others tell
    show = traitlets.Dict().tag(sync=True)  # kinds of ties -> whether they are drawn
    look = traitlets.Unicode("").tag(sync=True)  # changes with ``show`` and the colouring
    chosen = traitlets.Int(-1).tag(sync=True)  # row of the firm that is read about
    label = traitlets.Unicode("").tag(sync=True)
    quarter = traitlets.Int(0).tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)  # of the frame; set with all that belongs to it
    ack = traitlets.Int(0).tag(sync=True)
    picked = traitlets.List([-1, 0]).tag(sync=True)  # row of the firm clicked on, and a count
    words = traitlets.Dict().tag(sync=True)  # in the language of the page

    @traitlets.default("words")
    def _words(self) -> dict[str, str]:
        return words()


def words() -> dict[str, str]:
    """What canvas.js says, in the language spoken, which it names; with gaps that it fills."""
    said = {name: say_name(message) for name, message in _WORDS.items()}
    return said | {"language": spoken(), "decimal": decimal_sign()}


def scene(world: Snapshot, places: Places) -> dict[str, Any]:
    """What stands still: communities, lead firms and institutions, with what to call them."""
    scenario, names = world.scenario, world.names
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "n": len(world.firms),
        "room": places.room,
        "disc": colours.DISC,
        "ties": colours.TIES,
        "member": colours.MEMBER,
        "dimensions": [say_name(name) for name in DIMENSIONS],
        "home": world.firms["community"].tolist(),
        "communities": [
            {"title": title_of(scenario.communities, key), "x": x, "y": y, "r": radius}
            for key, (x, y, radius) in zip(names.communities, places.discs.tolist(), strict=True)
        ],
        "chains": [
            {"title": title_of(scenario.chains, key), "x": x, "y": y, "abroad": bool(abroad)}
            for key, (x, y), abroad in zip(
                names.chains, places.chains.tolist(), world.chains["reach"] == GLOBAL, strict=True
            )
        ],
        "institutions": [
            {
                "title": institution_title(scenario, key),
                "x": x,
                "y": y,
                "association": bool(row.association),
                "reach": np.flatnonzero(row.reach).tolist(),
                "what": say("reaches {places}", places=communities_of(scenario, names, row.reach)),
            }
            for key, (x, y), row in zip(
                names.institutions, places.institutions.tolist(), world.institutions, strict=True
            )
        ],
    }


def moving(scene: dict[str, Any], world: Snapshot) -> dict[str, Any]:
    """The scene with how chains are governed now, which can change on the way (G5)."""
    chains = [
        chain
        | {
            "colour": colours.GOVERNANCE[GOVERNANCE[row.governance]],
            "what": say(
                _ABROAD if chain["abroad"] else _AT_HOME,
                governance=say_name(GOVERNED[GOVERNANCE[row.governance]]),
            ),
        }
        for chain, row in zip(scene["chains"], world.chains, strict=True)
    ]
    return scene | {"chains": chains}


def state(world: Snapshot, places: Places, parted: np.ndarray, by: str) -> dict[str, Any]:
    """What moves: colours, sizes, who is there, who is tied to whom; firms coloured ``by``."""
    firms = world.firms
    there = firms["active"] == 1
    high = firms["road"] == HIGH
    flags = there * _ACTIVE + high * _HIGH_ROAD
    if len(parted) != len(firms):  # twins with other places have no firms in common
        parted = never_parted(len(firms))
    flags += (parted >= 0) * _PARTED
    colour, paint = colouring(world, by)
    counts, pairs = _pairs(world, there)
    return {
        "colour": colour.astype(np.uint8).tobytes(),
        "paint": list(paint),
        "size": _sizes(world, places.room).astype("<f4").tobytes(),
        "flags": flags.astype(np.uint8).tobytes(),
        "facts": _facts(firms, parted).astype("<f4").tobytes(),
        "counts": counts,
        "pairs": pairs,
        "notes": _notes(world),
        "quarter": world.tick,
    }


def colouring(world: Snapshot, by: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """(n_firms,) place of each firm's colour, and the colours."""
    firms = world.firms
    if by == "road":
        return (firms["road"] != HIGH).astype(int), (colours.HIGH_ROAD, colours.LOW_ROAD)
    if by == "chain":
        first = firms["contract"][:, 0]
        second = firms["contract"][:, 1]
        row = np.where(first != NOBODY, first, second)
        mode = np.append(world.chains["governance"], len(GOVERNANCE))[row]  # row -1: the last
        return mode, (*colours.GOVERNANCE.values(), colours.NO_CHAIN)
    if by == "market":
        held = firms["contract"] != NOBODY
        abroad = np.append(world.chains["reach"] == GLOBAL, False)[firms["contract"]] & held
        return np.where(abroad.any(axis=1), 0, np.where(held.any(axis=1), 1, 2)), colours.MARKET
    if by == "jobs":
        grown = firms["workers"] / np.where(world.before > 0, world.before, np.nan)
        kind = np.digitize(np.nan_to_num(grown, nan=1.0), _GROWN)
        return np.where(np.isnan(world.before), len(_GROWN) + 1, kind), colours.GROWTH
    practices = np.bitwise_count(firms["mastered"][:, DIMENSIONS.index(by)])
    steps = len(colours.SCALE) - 1
    half = np.ceil(practices / (PER_RUNG / 2)).astype(int)  # 0 nothing, 1 up to a half, ...
    return np.minimum(half, steps), colours.SCALE


def _sizes(world: Snapshot, room: float) -> np.ndarray:
    """Radii: areas in proportion to value added, within what can be seen and has room."""
    firms = world.firms
    produced = np.maximum(firms["value_added"] * firms["workers"], 0.0)
    there = produced[firms["active"] == 1]
    usual = np.quantile(there, 0.9) if len(there) else 1.0
    share = np.sqrt(produced / max(float(usual), 1e-9))
    return 0.86 * room * np.clip(share, _SMALLEST, 1.0)


def _facts(firms: np.recarray, parted: np.ndarray) -> np.ndarray:
    scores = np.bitwise_count(firms["mastered"]) / PER_RUNG
    money = [firms[name][:, None] for name in ("value_added", "wage", "workers")]
    return np.concatenate([scores, *money, parted[:, None]], axis=1)


def _pairs(world: Snapshot, there: np.ndarray) -> tuple[list[list[Any]], bytes]:
    """Ties between firms in business, contracts and memberships, by kind."""
    ties, firms = world.ties, world.firms
    both = there[ties["a"]] & there[ties["b"]]
    found = {}
    for kind, name in enumerate(TIE_KINDS):
        own = ties[both & (ties["kind"] == kind)]
        found[name] = np.stack([own["a"], own["b"]], axis=1)
    firm, slot = np.nonzero((firms["contract"] != NOBODY) & there[:, None])
    found["contract"] = np.stack([firm, firms["contract"][firm, slot]], axis=1)
    belong = [world.names.belong(firms, row) & there for row in range(len(world.institutions))]
    firm, house = np.nonzero(np.stack(belong, axis=1))
    found["member"] = np.stack([firm, house], axis=1)
    counts = [[kind, len(pairs)] for kind, pairs in found.items()]
    return counts, np.concatenate(list(found.values())).astype("<u4").tobytes()


def _notes(world: Snapshot) -> dict[str, list[str]]:
    return {
        "chains": [counted(int(row.suppliers), "supplier") for row in world.chains],
        "institutions": [
            counted(int(row.count), "member")
            if row.association
            else say(
                "{members}, {n} practices gathered",
                members=counted(int(row.count), "member"),
                n=_gathered(row),
            )
            for row in world.institutions
        ],
    }


def _gathered(institution: np.record) -> int:
    return int(np.bitwise_count(institution["repository"]).sum())
