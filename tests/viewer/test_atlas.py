"""The map of clusters: each stands in its own country, all can be reached, no mark hides another."""

import csv
import json
from itertools import pairwise
from urllib.parse import parse_qs
from xml.dom import minidom

import numpy as np
import pytest
from matplotlib.path import Path as Ring

pytest.importorskip("solara", reason="no Solara: uv run --group viewer pytest")

from model.viewer.atlas import apart, clusters, drawn, listed, outline, projected, sectors
from model.viewer.library import shipped
from tests.browser.visit import ROOT

CASES = [key for key in shipped() if key.startswith("cases/")]
NEAR = 0.1  # degrees that the outline may be off, as it is thinned


def lies_in(country: str, longitude: float, latitude: float) -> bool:
    around = [(longitude + NEAR * x, latitude + NEAR * y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    return any(Ring(ring).contains_points(around).any() for ring in outline()[country])


def test_all_clusters_are_on_it_each_in_its_country():
    assert sorted(cluster.case for cluster in clusters()) == sorted(CASES)
    evidence = (ROOT / "calibration" / "data" / "cases.csv").read_text(encoding="utf-8")
    country = {
        f"cases/{row['case']}": row["country"] for row in csv.DictReader(evidence.splitlines())
    }
    for cluster in clusters():
        assert cluster.country == country[cluster.case]
        home = [name for name in outline() if lies_in(name, cluster.longitude, cluster.latitude)]
        assert cluster.country in home, cluster
        assert cluster.sector in sectors()
        if len(home) > 1:  # on a border, as Tijuana would be if the United States were drawn
            pytest.fail(f"{cluster.place} lies in {home}")


def test_a_place_in_a_neighbouring_country_would_be_seen():
    medellin = next(c for c in clusters() if c.place == "Medellín")
    assert not lies_in("Peru", medellin.longitude, medellin.latitude)
    assert not lies_in("Colombia", medellin.longitude, -medellin.latitude)


def test_map_and_list_lead_to_the_same_worlds():
    svg = minidom.parseString(drawn("cases/leon_footwear"))
    html = minidom.parseString(f"<div>{listed('cases/leon_footwear')}</div>")
    for found in (svg, html):
        links = found.getElementsByTagName("a")
        led = [parse_qs(a.getAttribute("href")[1:])["scenario"][0] for a in links]
        assert led == [cluster.case for cluster in clusters()]
        (now,) = [a for a in links if a.getAttribute("aria-current") == "true"]
        assert "leon_footwear" in now.getAttribute("href")


def test_no_mark_lies_on_another_or_far_from_its_place():
    true = np.array([projected(c.longitude, c.latitude) for c in clusters()])
    at = apart(true)
    far = np.hypot(*(at[:, None] - at[None]).T) + np.diag(np.full(len(at), np.inf))
    assert far.min() > 20.0
    assert np.hypot(*(at - true).T).max() < 60.0
    assert np.array_equal(at, apart(true))


def test_numbers_run_through_the_list():
    assert [cluster.number for cluster in clusters()] == list(range(1, len(CASES) + 1))
    assert all(one.country <= two.country for one, two in pairwise(clusters()))


def test_the_outline_is_small_and_whole():
    text = (ROOT / "model" / "viewer" / "latin_america.json").read_text(encoding="utf-8")
    assert len(text) < 50_000
    assert set(json.loads(text)) >= {cluster.country for cluster in clusters()}
    assert all(len(ring) > 2 for rings in outline().values() for ring in rings)
