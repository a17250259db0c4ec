"""The page in the browser: ``uv run run.py view``.

library    the scenarios and ready-made designs that ship
design     a scenario as changed with levers; what differs from its file; saved again
levers     which keys of a scenario can be moved, as the schema describes them
snapshot   what is shown: copies of a world's tables that stay as they were
runner     steps one or two worlds in a thread, as fast as the page draws
firm       one firm: what it is, what it learnt and from whom, what it could learn now
map        where on the canvas everything stands; ``canvas`` and canvas.js draw it
charts     lines and bars as SVG text; ``panels`` says which measures stand in which
page       the page; ``sidebar`` its levers, ``panes`` what changes with every frame
launch     a server on this machine; ``plain`` the page that Mesa brings

Nothing here knows how the model works: it reads tables, measures and the schema.
"""
