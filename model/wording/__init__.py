"""How things are said, for terminal, figures, report and viewer alike; each thing once.

numbers           numbers as text: few digits, a true minus, ``x (y to z)``
units             the unit of a measure as a type: how levels and differences of it are written
titles            what communities, chains, institutions, channels and agents are called
colours           the palette, and what each colour stands for
markup            text from files made safe for console, figures and HTML
sentences         sentences about effects, built from tables by rules
driver_sentences  sentences about what drives a result
expectations      what a pattern expects
factor_ranges     factors of a design and where they vary
firms             what there is to say of one firm
"""
