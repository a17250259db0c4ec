"""The exchange rate: what money from abroad is worth here, 1 at the start.

One number of the scenario, quarter by quarter, that moves both sides of trade. A devaluation (above 1)
makes what is sold abroad earn more, and what comes from abroad dearer:

    price of a chain that sells abroad = price level of the chain x rate               (F2)
    lead of suppliers here             = offer - rivals' offer + discount x (price x rate - 1)   (G6)
    offer of importers at home         = their offer + cheapness x (1 - rate)          (M2)
    a lesson from machinery            = price x (1 + (1 - local machines) x (rate - 1))         (C1)

Importers pay their wages in money from abroad: a rate of 1.2 does to their offer what a firm here would do
to its own by paying a fifth more than is usual. A leader compares suppliers here and abroad wherever it
sells, so G6 holds for leaders at home too; what those pay stays in money of here. The rate is a real one:
wages and fees here do not follow it. Inputs and advice from abroad have no price in this model.

It is no mechanism of its own: how much follows from it is decided by those of F2, G6, M2 and C1. Neutral:
rate = 1.

Source: GPR05 section 5b (US buyers came to León with the devaluation of the peso in 1994), section 5c iii
(suppliers displaced from abroad once the market was open). The papers tell the side of exports; that of
imports is what an exchange rate is.
"""

from __future__ import annotations

from model.compiler import rule


@rule
def in_money_of_here(price, rate):
    """What a price in money from abroad is here."""
    return price * rate


@rule
def dearer(imported, rate):
    """Times by which something costs more here of which a share (0-1) comes from abroad."""
    return 1.0 + imported * (rate - 1.0)
