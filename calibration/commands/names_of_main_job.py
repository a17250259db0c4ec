"""What the files behind the main job call things, for the catalogues: its page speaks three languages.

A test holds these names to the files: designs and outcomes of the experiment, regions, sectors.
"""

from __future__ import annotations

from model.language import noted

DESIGNS = (
    noted("No institution"), noted("Pioneering laboratory"), noted("Closed, fee-based association"),
    noted("Open centre of one community"), noted("Open agency of the government"),
    noted("Bridging, inclusive, jointly governed"),
)  # fmt: skip
OUTCOMES = (
    noted("Process: firms on rung 2 or above"), noted("Product: firms on rung 2 or above"),
    noted("Process upgrading"), noted("Product upgrading"), noted("Functional upgrading"),
    noted("Inequality of practices mastered (Gini)"), noted("Jobs in small firms"), noted("Wage"),
    noted("Firms that export"), noted("Exports"),
)  # fmt: skip
REGIONS = (noted("Valley"), noted("Foothills"), noted("Oasis"), noted("Highland"))
SECTORS = (
    noted("Complex products"), noted("Natural-resource based"), noted("Specialised suppliers"),
    noted("Traditional manufacturing"),
)  # fmt: skip
TITLE = noted("Five institution designs in four wine regions")
WORLD = noted("Four wine regions with few ties between them")
QUESTION = noted(
    "Which design of a knowledge institution brings broad-based upgrading, for the same public money?"
)
