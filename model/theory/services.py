"""I8 Services, hours and dose.

An institution's staff have hours, and an hour has a price. What an hour does depends on the service. A
visit is for one firm and carries all that can be carried; a course takes many and leaves most of the how
behind; a group session takes a few firms of one region through each other's shops, at a fraction of the
cost of as many visits; a demonstration shows a machine or method at work; a test finds out what a firm
can do and certifies it (I6); a meeting needs staff only to bring firms together, who then learn from
each other (I5). The firm brings its problem to the first lesson; in further ones the staff go through the
other kinds of upgrading.

    events of service s a quarter = money / price of an hour x share of hours_s / hours of an event_s
    each participant has ``lessons_s`` lessons (I2), in which
        carry of the institution's channel (K2) x carry_s,  guidance (I2) x guidance_s

Fractions of an event happen by chance. There are no more events than would give each member ``most`` a
quarter. At a meeting carry and capacity are those of peers (K2, K3, K7).

Source: MP17, third concern and Experiential knowledge (training, applied practice sharing, repeated
demonstration, mentoring); hours and groups: Iacovone, Maloney and McKenzie (2022), where groups of three to
eight firms did as well as visits at a third of the cost. Neutral: lessons = 0 for every service.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter

SERVICES = ("visit", "course", "group", "demonstration", "test", "meeting")
VISIT, COURSE, GROUP, DEMONSTRATION, TEST, MEETING = map(
    SERVICES.index, ("visit", "course", "group", "demonstration", "test", "meeting")
)
TAUGHT = SERVICES[:MEETING]  # those in which staff teach

MECHANISM = Mechanism(
    key="I8",
    name="services",
    question="What does an hour of an institution's staff do?",
    claim="Services differ in hours, in how many firms they take and in what they carry.",
    source="MP17, third concern and Experiential knowledge; Iacovone, Maloney and McKenzie 2022",
    equation="events = money / price of an hour x share of hours / hours of an event; lessons for each firm",
    neutral="lessons = 0 for every service",
    parameters=(
        Parameter(
            "hours", (16.0, 24.0, 28.0, 24.0, 4.0, 12.0), 0.5, 1000, "hours of staff",
            "hours of an event, preparation and travel included",
            "two days for a visit, three for a course or a demonstration, more for a round through "
            "five shops, half a day for a test; our reading of programme descriptions", labels=SERVICES,
        ),
        Parameter(
            "firms", (1, 20, 5, 15, 1, 10), 1, 1000, "firms", "firms that take part in an event",
            "groups of three to eight firms of a region (Colombia), meetings of ten (Nanchang), a "
            "classroom of twenty", whole=True, labels=SERVICES,
        ),
        Parameter(
            "lessons", (2, 2, 2, 1, 0, 1), 0, 20, "lessons", "lessons of each participant in an event",
            "one a day; a meeting is one with another firm", neutral=0, whole=True, labels=SERVICES,
        ),
        Parameter(
            "carry", (1.0, 0.4, 0.9, 0.6, 0.3), 0, 1, "share of what a visit carries",
            "how much of tacit how gets across",
            "shown in one's own shop all of it, in a neighbour's nearly all, in a hall more than half, "
            "in a classroom less", labels=TAUGHT,
        ),
        Parameter(
            "guidance", (1.0, 0.3, 0.9, 0.3, 0.3), 0, 1, "share of what a visit gives",
            "how far staff make up for a want of absorptive capacity",
            "staff who see the shop adapt what they teach", labels=TAUGHT,
        ),
        Parameter(
            "most", 12, 1, 1000, "events a firm and quarter", "events that there are for each member",
            "one a week", whole=True,
        ),
    ),
)  # fmt: skip


@rule
def events_expected(institution, s, members, money, params):
    """Events of service ``s`` this quarter, with a fraction, out of ``money`` (units of account)."""
    p = params.services
    price = institution.hour_price * p.hours[s]
    most = p.most * members / p.firms[s]
    return min(most, money * institution.hours[s] / price)


@rule
def planned_events(expected, draw):
    """A whole number of events; a fraction of one is one more by chance."""
    return int(expected + chance(draw))


@rule
def cost_of_event(institution, s, params):
    """What an event of service ``s`` costs (units of account)."""
    return institution.hour_price * params.services.hours[s]


@rule
def lessons_each(s, params):
    """Lessons of each participant in an event of service ``s``."""
    return int(params.services.lessons[s])


@rule
def participants(s, members, params):
    """How many of ``members`` take part in an event of service ``s``."""
    return min(members, int(params.services.firms[s]))
