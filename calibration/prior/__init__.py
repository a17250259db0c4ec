"""What was known of each number before the scores.

distributions  one rule for all priors
overlay        numbers laid over scenarios
screening      which numbers to free
"""
