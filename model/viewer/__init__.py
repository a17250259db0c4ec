"""The page in the browser: ``uv run run.py view``.

What is shown
    atlas      the clusters of the case studies on a map, and as a list
    library    scenarios and ready-made designs that ship
    design     a scenario as changed with levers; what differs from its file; saved again
    levers     which keys of a scenario can be moved, in the words of the schema
    snapshot   copies of a world's tables that stay as they were
    player     steps one or two worlds in a thread, as fast as the page draws
    comparing  runs two designs many times over; ``twin_experiment``: as files, ``report_links``: what came
    firm       one firm: what it is, what it learnt and from whom, what it could learn now
How it is drawn
    map        where everything stands; ``canvas`` and canvas.js draw it
    charts     lines and bars as SVG text; ``chart_tabs`` says which measures stand in which
    firm_html  a firm in words; what things are called and their colours are in ``model.wording``
The page
    launch     a server on this machine; ``view_request``: what it was started with, and addresses
    page       ``session`` is one visitor's state; ``widgets`` change with every frame
    sidebar    the levers; ``inputs`` one of them, ``shocks`` the timetable
    mesa_page  the page that Mesa brings, on the same model

Nothing here knows how the model works: it reads tables, measures and the schema.
"""
