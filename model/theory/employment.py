"""M3 Jobs follow orders.

A firm hires when it has more orders than hands and lets people go when it has fewer; both take time. Better
process makes more with the same hands. Hands without orders cost a firm its value added: it pays them and
sells less. So size and its distribution follow who wins orders, and a firm that loses them is in trouble
before it has shrunk.

    output of a worker = 1 + gain_process x process score / 3          (F2)
    workers'           = workers + speed (orders / output of a worker - workers), at least 1
    in use             = min(1, orders / (workers x output of a worker))
    sold               = min(orders, workers x output of a worker)
    value added a worker x (1 - idle (1 - in use))

Source: MP17, Introduction (jobs of Mexican SMEs grew while productivity fell) and Weak GVC participation;
GPR05 section 3a. Neutral: speed = idle = 0: firms keep their size, and idle hands cost nothing.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PROCESS, RUNGS, score

MECHANISM = Mechanism(
    key="M3",
    name="employment",
    question="Which firms grow?",
    claim="Jobs follow orders with a delay; hands without orders cost value added.",
    source="MP17, Introduction and Weak GVC participation; GPR05 section 3a",
    equation="workers' = workers + speed (orders / output of a worker - workers)",
    neutral="speed = idle = 0",
    parameters=(
        Parameter(
            "speed", 0.2, 0, 1, "share of the gap a quarter", "how fast jobs follow orders",
            "half of the gap is closed in three quarters", neutral=0,
        ),
        Parameter(
            "idle", 1.0, 0, 1, "share", "value added that hands without orders cost",
            "who makes nothing adds nothing", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def output_of_worker(me, params):
    """Amount that a worker makes in a quarter; 1 without mastery of process."""
    return 1.0 + params.value_added.gain[PROCESS] * score(me.mastered[PROCESS]) / RUNGS


@rule
def workers_after(me, orders, params):
    """Workers after the quarter, at least one."""
    wanted = orders / output_of_worker(me, params)
    return max(1.0, me.workers + params.employment.speed * (wanted - me.workers))


@rule
def delivered(me, orders, params):
    """Share (0-1) of its orders that a firm can make with the hands it has."""
    capacity = me.workers * output_of_worker(me, params)
    if orders <= capacity:
        return 1.0
    return capacity / orders


@rule
def in_use(me, orders, params):
    """Share (0-1) of its value added that the firm's orders let it make."""
    used = min(1.0, orders / (me.workers * output_of_worker(me, params)))
    return 1.0 - params.employment.idle * (1.0 - used)
