"""A result as one HTML file that needs nothing else: ``uv run run.py report RESULT``.

page             what a page is made of, and how it becomes HTML (page.html.j2, page.css)
said             sentences on alternatives, built from numbers by rules
said_of_drivers  sentences on what drives a result
varied           factors in words
provenance       what it takes to make the result again
compared         the page of an experiment
swept            the page of a sweep
sensitivity      the page of a sensitivity study
patterns         the page of an examination of patterns
overview         the page of the main job
job              from a folder of results to its page
"""
