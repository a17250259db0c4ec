"""Makes the outline behind the map of clusters out of Natural Earth's countries.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    uv run .ci/outline.py package/countries-50m.json

Natural Earth (naturalearthdata.com, version 4.1, 1:50 million) is in the public domain; the package
world-atlas hands it on as TopoJSON. Borders that two countries share are thinned once, so that they still
meet. The usual packages for pip fetch theirs from the network (vega-datasets, geodatasets).
"""

from __future__ import annotations

import json
import sys
from math import hypot
from pathlib import Path

FILE = Path(__file__).parents[1] / "model" / "viewer" / "latin_america.json"
WEST, EAST, SOUTH, NORTH = -119.0, -34.0, -56.5, 33.5
COUNTRIES = (
    "Argentina", "Bahamas", "Belize", "Bolivia", "Brazil", "Chile", "Colombia", "Costa Rica", "Cuba",
    "Dominican Rep.", "Ecuador", "El Salvador", "France", "Guatemala", "Guyana", "Haiti", "Honduras",
    "Jamaica", "Mexico", "Nicaragua", "Panama", "Paraguay", "Peru", "Puerto Rico", "Suriname",
    "Trinidad and Tobago", "Uruguay", "Venezuela",
)  # fmt: skip
"""As Natural Earth calls them; of France what lies in the window, which is French Guiana."""
COARSE = 0.06  # degrees that a thinned line may be off
SMALLEST = 0.05  # square degrees below which an island is left out

Point = tuple[float, float]


def arcs(topology: dict) -> list[list[Point]]:
    """Lines of the topology in degrees, thinned."""
    (wide, high), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * wide + left, y * high + low))
        found.append(thinned(line))
    return found


def thinned(line: list[Point]) -> list[Point]:
    """Without points that lie near the line through those that stay (Douglas and Peucker, 1973)."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    far = hypot(bx - ax, by - ay)
    off = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / far if far else hypot(x - ax, y - ay)
        for x, y in line
    ]
    worst = max(range(len(line)), key=off.__getitem__)
    if off[worst] <= COARSE:
        return [line[0], line[-1]]
    return thinned(line[: worst + 1])[:-1] + thinned(line[worst:])


def ring(numbers: list[int], lines: list[list[Point]]) -> list[Point]:
    """A closed line; a number below zero means an arc that runs backwards."""
    points: list[Point] = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    return points[:-1]


def area(points: list[Point]) -> float:
    """Square degrees."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def main(source: Path) -> None:
    """Write the outline: country -> rings of longitude and latitude in tenths of a degree."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    lines = arcs(topology)
    rings = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        if name not in COUNTRIES:
            continue
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        outer = [ring(part[0], lines) for part in parts]
        kept = [
            [[round(10 * x), round(10 * y)] for x, y in points]
            for points in outer
            if area(points) >= SMALLEST
            and all(WEST < x < EAST and SOUTH < y < NORTH for x, y in points)
        ]
        rings["French Guiana" if name == "France" else name] = kept
    text = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(rings[name], separators=(',', ':'))}"
        for name in sorted(rings)
    )
    FILE.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
