"""What there is to say of one firm, wherever it is said: who agents are, its road, where it learnt."""

from __future__ import annotations

from collections.abc import Mapping

from model.language import say
from model.scenario.schema import Scenario
from model.theory.road import HIGH
from model.wording.titles import channel_name, institution_title, title_of


def agent_title(scenario: Scenario, name: str) -> str:
    """What to call an agent by its node (``lead_firm:<key>``), or a channel where it is none."""
    kind, _, key = name.partition(":")
    if kind == "sme":
        return say("firm {number}", number=key)
    if kind == "lead_firm":
        return title_of(scenario.chains, key)
    if kind == "institution":
        return institution_title(scenario, key)
    return channel_name(name)


def road_of(road: int) -> str:
    """``high road`` or ``low road``."""
    return say("high road") if road == HIGH else say("low road")


def road_told(road: int) -> str:
    """The road with what it means."""
    means = "it invests in learning" if road == HIGH else "it saves on wages"
    return f"{road_of(road)}: {means}"


def arrival(born: int) -> str:
    """Whether a firm was there from the start, or since when."""
    return f"entered in quarter {born}" if born else "a founder"


def ranked(counts: Mapping[str, int]) -> str:
    """Sources with how often each taught, the most first: ``lead firms 3, own practice 1``."""
    most = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {count}" for name, count in most)
