"""The theory: one mechanism a file.

Each file declares a ``MECHANISM``, and that is all it takes to be found: parameters, scenario keys, the
catalogue (``uv run run.py theory``) and the tables of docs/ are made from it. The letter of its key is one
of ``mechanism.SUBJECTS``.
"""
