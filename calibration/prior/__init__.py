"""What was known of each number before the scores.

distributions  one rule for all priors
translation    from codes of the case table to starting conditions: what is not printed, as numbers
overlay        numbers laid over scenarios
screening      which numbers to free
"""
