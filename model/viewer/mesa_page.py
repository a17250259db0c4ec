"""``run.py view --plain``: the page that Mesa brings (SolaraViz), on the same model.

For those who know it. Its play loop draws as fast as it can and can stumble over itself at short
intervals; the own page steps only when the last frame was drawn.
"""

from __future__ import annotations

from typing import Any

import solara
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from model.mesa_model import UpgradingModel
from model.theory.practices import DIMENSIONS
from model.viewer.canvas import WorldCanvas, moving, state
from model.viewer.library import shipped
from model.viewer.session import SHOWN, stands
from model.viewer.snapshot import never_parted, snapshot
from model.viewer.view_request import SERVER, ViewRequest, designs_of


class SelectedWorldModel(UpgradingModel):
    """An ``UpgradingModel`` made from what SolaraViz can offer: the key of a world, and a seed."""

    def __init__(self, world: str = "", rng: Any = 1) -> None:
        asked = SERVER.start
        wanted = ViewRequest(world) if world and world != asked.scenario else asked
        super().__init__(designs_of(wanted)[0].scenario, rng=int(rng or 1))


@solara.component
def WorldMap(model: UpgradingModel) -> None:
    """A component of SolaraViz: the map of the world."""
    update_counter.get()
    drawn = solara.use_ref(0)
    drawn.current += 1
    world = snapshot(model.ensemble)
    places, scene = solara.use_memo(lambda: stands(world), [id(model)])
    WorldCanvas.element(
        scene=moving(scene, world),
        places=places.firms.astype("<f4").tobytes(),
        show=dict(SHOWN),
        number=drawn.current,
        look="product",
        label=f"Map, quarter {world.tick}",
        **state(world, places, never_parted(len(world.firms)), "product"),
    )


@solara.component
def Page() -> None:
    """A model of its own for every visitor."""
    world = SERVER.start.scenario
    model = solara.use_memo(lambda: SelectedWorldModel(world, SERVER.start.seed or 1), [])
    worlds = list(dict.fromkeys((world, *shipped())))
    SolaraViz(
        model,
        components=[WorldMap, make_plot_component(list(DIMENSIONS)), make_plot_component(["wage", "gini"])],
        model_params={
            "world": {"type": "Select", "value": world, "values": worlds, "label": "World"},
            "rng": {"type": "SliderInt", "value": SERVER.start.seed or 1, "label": "Seed", "min": 1,
                    "max": 100, "step": 1},
        },
        name="Highroad",
        play_interval=200,
    )  # fmt: skip
