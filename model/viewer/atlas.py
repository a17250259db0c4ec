"""A map of Latin America with the clusters of the case studies, and the same as a list: a way in.

Coordinates (``cluster_places.csv``) are those of the town that a cluster is known by, from GeoNames
(geonames.org, CC BY 4.0); the last column is its number there. The outline (``latin_america.json``) is
Natural Earth's, which is in the public domain; ``.ci/outline.py`` makes it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import numpy as np
import solara
from reacton import ipyvuetify as rv

from model.language import noted, say, say_name
from model.scenario import load_document
from model.viewer.charts import legend
from model.viewer.library import path_of, shipped
from model.viewer.view_request import ViewRequest
from model.wording import colours

_HERE = Path(__file__).parent
_OUTLINE, _PLACES = _HERE / "latin_america.json", _HERE / "cluster_places.csv"
_SHELF = "cases/"
_SCALE = 8.0  # units of the drawing a degree
_MIDDLE = -72.0  # meridian that stands upright
_WEST, _NORTH, _WIDTH, _HEIGHT = -45.0, 35.0, 83.0, 91.5  # degrees of the drawing
_RADIUS, _APART = 9.5, 21.5  # of a mark; between the centres of two
_ROUNDS = 300
_NEAR = 4.0  # a mark that was moved farther gets a line to its place
_TENTHS = 10.0
_BORDER = "#8f8f86"

COUNTRIES = (
    noted("Brazil"), noted("Chile"), noted("Colombia"), noted("Costa Rica"), noted("Mexico"),
    noted("Nicaragua"), noted("Peru"),
)  # fmt: skip
"""Where the clusters lie; a test holds them to the cases."""

_COLOURS = tuple(colours.FILLS[i] for i in (0, 5, 3, 2))  # a black number can be read on each


@dataclass(frozen=True)
class MappedCluster:
    """A cluster of the case studies; ``case`` is the key of its scenario."""

    number: int  # on the map and in the list
    case: str
    title: str
    country: str
    sector: str  # its title
    place: str
    latitude: float
    longitude: float

    @property
    def address(self) -> str:
        """Where its world is shown."""
        return f"?{ViewRequest(self.case).query()}"


@lru_cache(maxsize=1)
def clusters() -> tuple[MappedCluster, ...]:
    """The clusters, by country and then by title."""
    with _PLACES.open(encoding="utf-8", newline="") as file:
        rows = {f"{_SHELF}{row['case']}": row for row in csv.DictReader(file)}
    found = []
    for case, row in rows.items():
        title, _, country = shipped()[case].rpartition(", ")
        found.append((country, title, case, row))
    return tuple(
        MappedCluster(number, case, title, country, sector_of(case), row["place"],
                float(row["latitude"]), float(row["longitude"]))
        for number, (country, title, case, row) in enumerate(sorted(found, key=lambda f: f[:3]), 1)
    )  # fmt: skip


def sector_of(case: str) -> str:
    """Title of the sector that a case belongs to."""
    return str(next(iter(load_document(path_of(case)).data["sectors"].values()))["title"])


def sectors() -> dict[str, str]:
    """Title of each sector, with the colour of its marks."""
    titles = sorted({cluster.sector for cluster in clusters()})
    return dict(zip(titles, _COLOURS, strict=True))


def drawn(here: str = "") -> str:
    """The map as SVG; every mark is a link to its world. ``here``: the scenario that is shown."""
    found = clusters()
    true = np.array([projected(each.longitude, each.latitude) for each in found])
    spread = apart(true)
    # a path a country, so that borders are seen
    land = "".join(f'<path d="{_path(rings)}"/>' for rings in outline().values())
    moved = np.hypot(*(spread - true).T) > _NEAR
    to_home = "".join(
        f"M{x:.1f} {y:.1f}L{hx:.1f} {hy:.1f}"
        for (x, y), (hx, hy) in zip(spread[moved], true[moved], strict=True)
    )
    marks = (
        _mark(each, x, y, each.case == here) for each, (x, y) in zip(found, spread, strict=True)
    )
    label = say("Map of Latin America with {n} clusters", n=len(found))
    return (
        f'<svg viewBox="0 0 {_WIDTH * _SCALE:.0f} {_HEIGHT * _SCALE:.0f}" role="group" '
        f'aria-label="{escape(label)}">'
        f'<g fill="{colours.DISC}" stroke="{_BORDER}" stroke-width="0.8" aria-hidden="true">{land}'
        f'<path d="{to_home}" stroke="{colours.INK}"/></g>{"".join(marks)}</svg>'
    )


def _mark(cluster: MappedCluster, x: float, y: float, here: bool) -> str:
    said = f"{cluster.number} {cluster.title}, {say_name(cluster.country)}"
    now = ' aria-current="true"' if here else ""
    return (
        f'<a href="{escape(cluster.address)}" aria-label="{escape(said)}"{now}>'
        f"<title>{escape(f'{said}: {say_name(cluster.sector).lower()}')}</title>"
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}" fill="{sectors()[cluster.sector]}" '
        f'stroke="{colours.INK}" stroke-width="{2.8 if here else 1}"/>'
        f'<text x="{x:.1f}" y="{y + 3.6:.1f}" font-size="10.5" text-anchor="middle">{cluster.number}</text>'
        "</a>"
    )


def listed(here: str = "") -> str:
    """The same clusters as a list by country, for those whom a map doesn't serve."""
    by_country: dict[str, list[str]] = {}
    for each in clusters():
        now = ' aria-current="true"' if each.case == here else ""
        by_country.setdefault(each.country, []).append(
            f'<li value="{each.number}"><a href="{escape(each.address)}"{now}>{escape(each.title)}</a></li>'
        )
    return "".join(
        f"<section><h3>{escape(say_name(country))}</h3><ol>{''.join(items)}</ol></section>"
        for country, items in by_country.items()
    )


@lru_cache(maxsize=1)
def outline() -> dict[str, list[np.ndarray]]:
    """Country -> its rings, each (n, 2) longitude and latitude in degrees."""
    rings = json.loads(_OUTLINE.read_text(encoding="utf-8"))
    return {name: [np.array(ring) / _TENTHS for ring in own] for name, own in rings.items()}


def projected(longitude: np.ndarray | float, latitude: np.ndarray | float) -> np.ndarray:
    """(..., 2) in the drawing. Sinusoidal: areas are true, and the meridian in the middle stands upright."""
    lon, lat = np.asarray(longitude), np.asarray(latitude)
    across = (lon - _MIDDLE) * np.cos(np.radians(lat)) - _WEST
    return np.stack([across, _NORTH - lat], axis=-1) * _SCALE


def _path(rings: list[np.ndarray]) -> str:
    parts = []
    for ring in rings:
        points = projected(ring[:, 0], ring[:, 1])
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(parts)


def apart(places: np.ndarray) -> np.ndarray:
    """(n, 2) places moved as far as it takes that no mark lies on another."""
    n = len(places)
    at = places + 0.01 * np.stack(
        [np.cos(np.arange(n)), np.sin(np.arange(n))], axis=1
    )  # none on another
    for _ in range(_ROUNDS):
        between = at[:, None] - at[None]
        far = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(far, np.inf)
        if far.min() >= _APART - 0.01:
            break
        push = np.clip(_APART - far, 0.0, None) / (2.0 * far)
        at = at + (push[..., None] * between).sum(axis=1)
    return at


@solara.component
def Atlas(here: str, shown: bool, on_close: Callable[[], None]) -> None:
    """The panel with both; ``here``: the scenario that is shown."""
    with solara.Div():
        if shown:
            _Panel(here, on_close)


@solara.component
def _Panel(here: str, on_close: Callable[[], None]) -> None:
    found = solara.use_memo(lambda: (drawn(here), listed(here)), [here])
    title = say("Clusters of the case studies")
    note = say(
        "Choose a cluster to see its world. Marks have the colour of their sector; where several lie "
        "close together, a line leads to the place."
    )
    key = legend([(say_name(title), colour) for title, colour in sectors().items()])
    with rv.Html(
        tag="section", class_="hr-pane hr-atlas", attributes={"aria-label": say("Clusters")}
    ):
        with solara.Row(style="justify-content:flex-end;height:0"):
            solara.Button(icon_name="mdi-close", icon=True, small=True, on_click=on_close,
                          attributes={"aria-label": say("Close the map of clusters")})  # fmt: skip
        head = f"<h2>{escape(title)}</h2><p class='why'>{escape(note)}</p>"
        both = f"<div class='both'>{found[0]}<div>{found[1]}</div></div>"
        solara.HTML(tag="div", unsafe_innerHTML=f"{head}<div class='hr-legend'>{key}</div>{both}")
