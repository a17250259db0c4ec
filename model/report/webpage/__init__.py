"""A result as one HTML file that needs nothing else: ``uv run run.py report RESULT``.

page         what a page is made of, and how it becomes HTML (page.html.j2, page.css)
said         sentences built from numbers by rules
provenance   what it takes to make the result again
compared     the page of an experiment
job          from a folder of results to its page
"""
