"""A search for the designs of a policy that public money buys most with.

rival_view      a theory of what brings upgrading, as mechanisms put neutral
search_file     what may be chosen, what counts, how much money, how long to look
policy_design   a choice as worlds, at budgets that spend the money
common_cases    designs run on the same draws and random numbers, from the store
race            few cases for the hopeless, more for the promising
strategies      who proposes: an evolutionary algorithm, or chance
fresh_look      the best again on fresh random numbers and under rival theories
"""
