"""Published programmes as virtual trials: pool, assignment, treatment, outcomes, estimator, judgement."""
