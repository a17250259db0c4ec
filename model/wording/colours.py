"""Colours, told apart by readers with any common colour blindness (Okabe and Ito, 2008).

Figures take colours by order (``PALETTE``); the viewer by what a thing is.
"""

from __future__ import annotations

INK, FAINT, LINE = "#1a1a1a", "#5f5f5f", "#dcdcdc"
BLUE, ORANGE, GREEN, PINK, YELLOW, SKY, GREY = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a",
)  # fmt: skip

# Grey comes first, for what the others are held against; yellow of the source is left out, too
# faint on white, and its orange stands here as YELLOW.
PALETTE = ("#6e6e6e", BLUE, ORANGE, GREEN, PINK, YELLOW, SKY)

# Paul Tol's light scheme: fills on which black text can be read.
FILLS = (
    "#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00", "#dddddd",
)  # fmt: skip

DIMENSION = (BLUE, ORANGE, GREEN, PINK)  # in the order of DIMENSIONS
GOVERNANCE = {"market": SKY, "network": GREEN, "quasi_hierarchy": ORANGE, "hierarchy": PINK}
NO_CHAIN = LINE
MARKET = (BLUE, YELLOW, LINE)
GROWTH = (
    "#a04000",
    "#f0b27a",
    "#d5d5d0",
    "#8fc1e3",
    "#0a4f8c",
    GREEN,
)  # lost, as many, gained; new
HIGH_ROAD, LOW_ROAD = BLUE, YELLOW
TIES = {"local": "#9a9a9a", "across": "#b35900", "forum": "#7a3fa0"}
MEMBER = "#7a3fa0"
DISC = "#f0f1ec"

# Scores from 0 to 3 in steps of a half, pale to dark.
SCALE = ("#e3e6e8", "#b9d3e6", "#86b6d9", "#4f94c4", "#1f6fa8", "#084a7d", "#022c4f")
