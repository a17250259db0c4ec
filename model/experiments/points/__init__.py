"""Runs that nothing loses: what is run and kept, where, and who runs it.

point      a frozen scenario, some replicates, what is kept of them; its key
evaluate   points to numbers
founders   who gains: founders by what they could do at the start
firm_snapshots  every single firm at some quarters
store      every finished point on disk when it is reported
executors  threads, processes, machines: who evaluates, never what comes out
cluster    a Dask cluster
runner     from points to a store, with progress; resumes by itself
tables     from a store to frames and files
"""
