"""What drives a result: ``uv run run.py sensitivity FILE``.

study      what a sensitivity file says, and the points that it asks for
cube       the unit cube on which designs are drawn
morris     which factors matter at all: elementary effects
sobol      how much of the variance each factor, and each pair, accounts for
tornado    what each factor does alone, from where the base stands
discovery  under which conditions a design fails
chance     how much of what varies is due to the few replicates
run        points to indices; refused where points are missing

Morris, Sobol and discovery work on the unit cube: a factor goes from 0 to 1 there, whatever its
range or its levels. They take outputs as numbers and know no model.
"""
