"""Where everything stands: communities as discs round a ring, firms in them, the rest between.

Lead firms stand in a row on top, those who sell abroad first; a bridging institution in the middle of
the communities that it reaches; an association at the rim of its own. Places follow from the
scenario alone, so that nothing moves while a world runs and twins can be laid side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.theory.value_added import GLOBAL
from model.viewer.snapshot import Snapshot

WIDTH, HEIGHT = 1000.0, 860.0
_TOP = 132.0  # what the lead firms and their names take
_MARGIN = 22.0  # for the names of communities
_GOLDEN = np.pi * (3.0 - np.sqrt(5.0))  # turn from seed to seed in a sunflower
_APART = 80.0  # between institutions that stand together
_GAP = 36.0  # between discs
_CLEAR = 22.0  # between a disc and an institution


@dataclass(frozen=True)
class Places:
    """Coordinates on a canvas of WIDTH x HEIGHT."""

    discs: np.ndarray  # (n_communities, 3) x, y, radius
    firms: np.ndarray  # (n_firms, 2)
    room: float  # radius of the circle that each firm has for itself
    chains: np.ndarray  # (n_chains, 2)
    institutions: np.ndarray  # (n_institutions, 2)


def lay_out(world: Snapshot) -> Places:
    """The places of all that a world holds."""
    community = np.asarray(world.firms["community"])
    sizes = np.bincount(community, minlength=len(world.names.communities))
    discs = _discs(sizes)
    firms = np.empty((len(community), 2))
    room = np.inf
    for row, (x, y, radius) in enumerate(discs):
        inside = radius - 6.0
        k = np.arange(sizes[row])
        far = inside * np.sqrt((k + 0.5) / max(1, sizes[row]))
        firms[community == row] = np.stack(
            [x + far * np.cos(k * _GOLDEN), y + far * np.sin(k * _GOLDEN)], axis=1
        )
        room = min(room, inside / np.sqrt(max(1, sizes[row])))
    return Places(
        discs=discs,
        firms=firms,
        room=float(min(room, 20.0)),
        chains=_chains(world),
        institutions=_institutions(world, discs),
    )


def _discs(sizes: np.ndarray) -> np.ndarray:
    """Centres and radii of communities: areas in proportion to firms, none over another."""
    n = len(sizes)
    tall = (HEIGHT - _TOP) / 2.0 - _MARGIN
    middle = np.array([WIDTH / 2.0, _TOP + _MARGIN + tall])
    if n == 1:
        return np.array([[*middle, tall - 8.0]])
    share = np.sqrt(np.maximum(sizes, 1) / np.max(sizes))
    turn = 0.0 if n == 2 else np.pi / n if n % 2 == 0 else np.pi / 2.0
    angle = np.pi + turn + 2.0 * np.pi * np.arange(n) / n
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    low, high = ring.min(axis=0), ring.max(axis=0)  # as wide and as high as there is room
    ring = np.where(high - low > 1e-9, 2.0 * (ring - low) / np.maximum(high - low, 1e-9) - 1.0, 0.0)
    best = np.zeros((n, 3))
    for largest in np.linspace(12.0, 240.0, 77):  # the larger the discs, the nearer the middle
        reach = np.maximum(np.array([WIDTH / 2.0 - 12.0, tall]) - largest, 0.0)
        found = np.concatenate([middle + ring * reach, largest * share[:, None]], axis=1)
        if best.any() and _overlap(found):
            break
        best = found
    return best


def _overlap(discs: np.ndarray) -> bool:
    """Whether two discs come closer than a name and an institution need."""
    centres, radii = discs[:, :2], discs[:, 2]
    far = np.hypot(*(centres[:, None] - centres[None]).T)
    near = far < radii[:, None] + radii[None] + _GAP
    return bool(near[np.triu_indices(len(discs), 1)].any())


def _chains(world: Snapshot) -> np.ndarray:
    """In a row on top: those who sell abroad from the left, those at home after them."""
    n = len(world.names.chains)
    order = np.argsort(world.chains["reach"] != GLOBAL, kind="stable")
    places = np.empty((n, 2))
    rows = 1 if n <= 8 else 2
    for at, row in enumerate(order):
        column, line = divmod(at, rows)
        columns = -(-n // rows)
        places[row] = WIDTH * (column + 0.5) / columns, 30.0 + 36.0 * line
    return places


def _institutions(world: Snapshot, discs: np.ndarray) -> np.ndarray:
    """In the middle of those they reach; associations, and those of one community, at its rim."""
    places = np.empty((len(world.names.institutions), 2))
    centre = np.array([WIDTH / 2.0, _TOP + (HEIGHT - _TOP) / 2.0])
    taken: dict[tuple[int, ...], int] = {}
    for row, institution in enumerate(world.institutions):
        reached = tuple(np.flatnonzero(institution.reach).tolist())
        number = taken[reached] = taken.get(reached, -1) + 1
        if len(reached) == 1:
            places[row] = _at_rim(discs[reached[0]], centre, bool(institution.association), number)
            continue
        middle = discs[list(reached), :2].mean(axis=0) if reached else centre
        side = (number + 1) // 2 * (-1) ** number  # 0, -1, 1, -2, 2: to both sides in turn
        places[row] = _outside(middle, discs) + np.array([0.0, side * _APART])
    return np.clip(places, 20.0, (WIDTH - 20.0, HEIGHT - 20.0))


def _outside(point: np.ndarray, discs: np.ndarray) -> np.ndarray:
    """The point, or one near it that lies on no disc if there is one straight out of the disc."""
    for x, y, radius in discs:
        away = point - (x, y)
        far = float(np.hypot(*away))
        if 0.0 < far < radius + _CLEAR:
            point = np.array([x, y]) + away * (radius + _CLEAR) / far
    return point


def _at_rim(disc: np.ndarray, centre: np.ndarray, association: bool, number: int) -> np.ndarray:
    x, y, radius = disc
    toward = centre - disc[:2]
    angle = np.arctan2(toward[1], toward[0]) if np.hypot(*toward) > 1.0 else np.pi
    if association:  # below, beside the community's name
        angle = np.pi / 2.0 + 0.5
    else:
        angle += 0.35 * (number + 1) // 2 * (-1) ** number
    return np.array([x + (radius + 14.0) * np.cos(angle), y + (radius + 14.0) * np.sin(angle)])
