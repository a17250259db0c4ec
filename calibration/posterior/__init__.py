"""What the scores add to what was known.

simulator          clusters simulated at points of the parameter space
emulator           a polynomial that stands in for the simulator
measurement_model  from simulated firms to an expert's score
credible_intervals central intervals over draws, and their levels
array_cache        arrays kept in the store, under a key of all that decides them
inference          the density of the posterior
mcmc               draws from it
workflow           from a case table to a posterior, step by step
marginals          before and after, number by number
latent_components  what a cluster's scores tell of its components of collective efficiency
sector_levels      levels that the tables of the papers state, asked of the fitted model as patterns
shipped_posterior  the draws that the repository keeps, in this folder: posterior.csv and others
"""
