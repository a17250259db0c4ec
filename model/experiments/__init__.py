"""Questions asked of the model, as files; runs that nothing loses; answers as frames.

points/        what is run and kept, and who runs it
outcomes       what a question is about, and when it is measured
factors        what varies; designs: in which combinations; draws: parameters from a file
sweep          a world at every point of a design; summary: in short
experiment     arms that say only what differs, or that factors make
arms           running them, in batches where a precision is asked for; kept_records: in full
compare        paired effects; ranking, gains, crossed: which is best, who gains, what each factor does
sensitivity/   what drives the result
patterns/      what the papers say, as experiments
kinds          what a file is
"""
