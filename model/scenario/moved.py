"""Keys that a scenario file once held, and what to write instead; "*" stands for any name.

The messages about unknown keys and wrong values look here first, so that an old file says in one line
for each key how to bring it up to date. A key stays in the table as long as such files may be about.
"""

from __future__ import annotations

from model.scenario.faults import Key

_HOURS = "write hour_price, what an hour of the staff costs; a visit takes parameters.services.hours.visit"
_TIMETABLE = "it is laid out at the start and can't change; begin with it or use another"

MOVED = {
    "institutions.*.visit_cost": _HOURS,
    "institutions.*.forums": "write services.meeting, the share of the money that goes to meetings",
    "institutions.*.forum_cost": "write hour_price, what an hour of the staff costs; a meeting takes "
    "parameters.services.hours.meeting",
    "institutions.*.fee": "write access.fee",
    "institutions.*.quota": "write access.quota",
    "institutions.*.inclusive": "write access.inclusive",
    "parameters.capacity": "money limits services, not visits: write hour_price of the institution",
    "parameters.consortium": "brokers are part of joint action: write parameters.joint_action.push and "
    "parameters.joint_action.broker, the price of a project",
    "parameters.demand.assurance": "write parameters.certification.assurance",
    "parameters.favour": "whom leaders help is part of support: write parameters.support.favoured",
    "parameters.recombination.institution": "staff adapt what they saw elsewhere: write "
    "parameters.recombination.adaptation",
    "parameters.unlearning.drift": "the standard moves by renewal: write parameters.renewal.pace",
    "parameters.unlearning.forget": "write it by kind of upgrading, a chance a practice and quarter: "
    "forget.process = 0.01",
    **{
        f"timetable.*.communities.*.{key}": _TIMETABLE
        for key in ("firms", "sector", "topology", "ties", "rewiring", "poles", "large", "foreign")
    },
    "timetable.*.chains.*.follows": _TIMETABLE,
    "timetable.*.across.ties": _TIMETABLE,
    "timetable.*.instruments.*.kind": "write another instrument with a first and a last quarter",
}
"""Once key, now hint. What holds of a thing holds of a change of it."""


def instead(key: Key) -> str:
    """What to write instead of a key that has moved; "" if it has not."""
    place = key[2:] if key[:1] == ("timetable",) else key
    return next((hint for old, hint in MOVED.items() if _like(key, old) or _like(place, old)), "")


def _like(key: Key, pattern: str) -> bool:
    parts = pattern.split(".")
    return len(parts) == len(key) and all(
        part in ("*", there) for part, there in zip(parts, key, strict=True)
    )
