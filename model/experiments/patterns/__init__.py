"""What the literature says the model must show.

pattern_files       lists of claims with the worlds and margins that they need
pattern_kinds       the kinds of claims that a file may list
pattern_quantities  what runs of the worlds give
examine             runs until every interval is narrow enough
verdict             reproduced, contradicted, undecided
no_effect           the same rows where nothing differs but luck
horizons            the same rows at other years
ablation            the same rows without each mechanism in turn
"""
