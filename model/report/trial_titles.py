"""What files of published programmes call studies and outcomes: those that ship, for the catalogues."""

from __future__ import annotations

from model.language import noted

STUDIES = (
    noted("Auto parts, Colombia: consultants to one firm or to groups"),
    noted("Cluster programmes, Brazil and Uruguay: who joins and who does not"),
    noted("Puebla, Mexico: a consultant for a year, which half take up"),
    noted("Nanchang, China: groups of ten managers meet for a year"),
    noted("Rugs, Egypt: an order from a demanding foreign buyer"),
    noted("Textiles, India: intensive visits, and what was left of them"),
    noted("Weaving, Ghana: who teaches the others, with and without demand"),
)
"""Titles of studies; a test holds them to the files."""
OUTCOMES = (
    noted("practices, groups"),
    noted("practices, one by one"),
    noted("sales, groups"),
    noted("sales, one by one"),
    noted("labour productivity, groups"),
    noted("survival after nine years, groups"),
    noted("exporting after nine years, groups"),
    noted("sales after nine years, groups"),
    noted("sales after nine years, groups over one by one"),
    noted("jobs of those who joined, years 1 to 5"),
    noted("exports of those who joined, years 4 to 5"),
    noted("exporting of those who joined, years 4 to 5"),
    noted("sales of those who joined, years 1 to 5"),
    noted("jobs of those beside, year 1"),
    noted("exports of those beside, years 4 to 5"),
    noted("productivity, year 1"),
    noted("jobs, up to year 5"),
    noted("wage bill, up to year 5"),
    noted("sales, year 1"),
    noted("sales, a year after the last meeting"),
    noted("practices, year 1"),
    noted("profit, years 2 to 3"),
    noted("quality: practices of product"),
    noted("output per hour"),
    noted("share of adopted practices dropped, year 8.5"),
    noted("practices, year 8.5"),
    noted("peers taught, with demand over without"),
    noted("untaught firms that learned it, without demand"),
)
"""Titles of what studies measured; a test holds them to the files."""
