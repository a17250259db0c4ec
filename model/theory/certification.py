"""I6 Standards with monitoring.

A shared certificate, tested for, signals to buyers that a firm is reliable. It lowers their cost of
search, so that a certified firm meets them more often. A test is a service of its own (I8); the certificate
lapses when the firm falls below what it attests.

    certified  if tested and capability >= the scheme's level; lapses if capability < level
    chance of contact = 1 - (1 - market access) (1 - signal) for certified firms, at global chains
    offer of a supplier (M1) + assurance

Source: MP17, Experiential knowledge (certification signalled to foreign firms the seriousness of the
commitment and the reliability of the product: Chile, Nicaragua). Neutral: signal = assurance = 0, or
certifies = 0 on the institution.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability

MECHANISM = Mechanism(
    key="I6",
    name="certification",
    question="How do unknown small firms come to be considered by buyers abroad?",
    claim="A monitored standard signals reliability and opens chains.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="contact = 1 - (1 - market access)(1 - signal), offer + assurance, if certified",
    neutral="signal = assurance = 0",
    parameters=(
        Parameter(
            "signal", 0.5, 0, 1, "chance a year",
            "a certificate alone brings firm and foreign buyer together",
            "buyers shortlist the certified: every second year one of them calls", neutral=0,
        ),
        Parameter(
            "assurance", 0.05, 0, 1, "offer", "what a certificate adds to what a supplier offers",
            "five practices of 96 that the buyer need not inspect", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def passes(me, institution):
    """Whether the firm would pass the institution's test now."""
    return institution.certifies > 0.0 and capability(me) >= institution.certifies


@rule
def meets_buyer_abroad(me, contact, params):
    """Chance a year that the firm and a foreign buyer meet; ``contact``: without certificate."""
    if me.certified > 0.0:
        return 1.0 - (1.0 - contact) * (1.0 - params.certification.signal)
    return contact


@rule
def certificate_after(me):
    """The level (0-1) of the certificate that the firm still holds; 0 if it lapsed."""
    if capability(me) < me.certified:
        return 0.0
    return me.certified
