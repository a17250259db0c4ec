"""K2b Attention.

A small firm's manager can work on one kind of upgrading at a time: each quarter the firm attends to
one dimension, and all its learning of the quarter is there. Process and product come first, since
they keep the firm alive; functional and intersectoral get what the chains it sells into leave free or
ask for (G3).

    P(d) proportional to weight_d x (freedom of the firm for functional and intersectoral)

Source: GPR05 section 5c (process and product often, functional few, intersectoral almost never);
limited managerial attention: Simon (1947), Ocasio (1997). Neutral: equal weights.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import DIMENSIONS, INTERSECTORAL, PRODUCT
from model.theory.pressure import focused

MECHANISM = Mechanism(
    key="K2b",
    name="attention",
    question="On what does a firm work this quarter?",
    claim="One kind of upgrading at a time; those that keep the firm alive come first.",
    source="GPR05 section 5c; Simon 1947; Ocasio 1997",
    equation="P(d) = weight_d / sum of weights, functional and intersectoral x freedom",
    neutral="equal weights",
    parameters=(
        Parameter(
            "weight", (1.0, 0.9, 0.6, 0.15), 0, 1, "relative weight",
            "how often a free firm attends to each dimension",
            "by and large the order of the mean scores in GPR05 Tables 5-7: process, product, "
            "behind them functional, intersectoral almost never", neutral=1, labels=DIMENSIONS,
        ),
    ),
)  # fmt: skip


@rule
def weight(me, d, freedom, params):
    """Weight of dimension ``d`` in the attention of a firm that its buyers leave this freedom."""
    own = focused(params.attention.weight[d], d, me, params)
    return freedom * own if d > PRODUCT else own


@rule
def up_to(me, d, freedom, params):
    """Weight of dimension ``d`` and of those before it."""
    total = 0.0
    for dimension in range(d + 1):
        total += weight(me, dimension, freedom, params)
    return total


@rule
def attend(me, freedom, draw, params):
    """The dimension (0-3) that the firm works on this quarter."""
    x = chance(draw) * up_to(me, INTERSECTORAL, freedom, params)
    for d in range(INTERSECTORAL):
        if x < up_to(me, d, freedom, params):
            return d
    return INTERSECTORAL
