"""A guided first five minutes: a card in the corner that tells what to try, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import solara

from model.language import noted, say

STEPS = (
    (noted("What you see"), noted(
     "Each circle is a place. Each dot in it is a small firm. Squares are lead firms that "
     "buy from them, diamonds are institutions. Point at anything to read what it is.")),
    (noted("Let time pass"), noted(
     "Press Play. One step is one quarter of a year. The charts show how much the firms "
     "have learnt, from 0 to 3. Move the slider of quarters to go back to an earlier one.")),
    (noted("Read one firm"), noted(
     "Click on a dot. A panel opens beside the map. It tells what the firm learnt, from "
     "whom, and which doors are closed to it.")),
    (noted("Look for jobs and orders"), noted(
     "Choose Jobs in a year under Firms coloured by. Blue firms grow, orange "
     "ones shrink. The tab Orders and jobs shows the sums.")),
    (noted("Change the policy"), noted(
     "Open Levers. Choose another design, or move any lever. The same world starts "
     "again, with the same random numbers, so only your change makes a difference.")),
    (noted("Compare"), noted(
     "Switch on Twin view. World A is what there is, world B has the design. The line on top "
     "says what the design adds.")),
)  # fmt: skip
"""Title and what to do, in order."""


@solara.component
def Tour(on_close: Callable[[], None]) -> None:
    """The card; ``on_close`` when the visitor has seen enough."""
    at, go = solara.use_state(0)
    title, text = STEPS[at]
    head = say("{step} of {steps}: {title}", step=at + 1, steps=len(STEPS), title=say(title))
    said = f"<h2>{escape(head)}</h2><p>{escape(say(text))}</p>"
    with solara.Div(classes=["hr-tour"]):
        solara.HTML(tag="div", unsafe_innerHTML=said, attributes={"aria-live": "polite"})
        with solara.Row(gap="8px"):
            solara.Button(
                say("Back"), text=True, small=True, disabled=at == 0, on_click=lambda: go(at - 1)
            )
            if at + 1 < len(STEPS):
                solara.Button(say("Next"), small=True, color="primary", on_click=lambda: go(at + 1))
            solara.Button(say("Close the tour"), text=True, small=True, on_click=on_close)
