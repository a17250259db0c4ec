"""What commands do with a result: terminal tables, figures, pages.

jobs, comparisons, sweeps, sensitivities, pattern_verdicts, networks
                 one a command: compute, write the folder, print
pointwise        what commands that run many points have in common; ``progress`` on the way
terminal_tables  tables for the terminal; ``catalogue``: that of the mechanisms
*_figures        figures, in the ``style`` of all; ``frames``: what they ask of tables
webpage          a result as one HTML file
explain          one firm's life

Sentences, numbers and colours are those of ``model.wording``.
"""
