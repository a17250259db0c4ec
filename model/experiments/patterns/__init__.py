"""What the literature says the model must show.

files     lists of claims with the worlds and margins that they need
kinds     the kinds of claims that a file may list
outcomes  what runs of the worlds give
examine   runs until every interval is narrow enough
verdict   reproduced, contradicted, undecided
"""
