"""Questions asked of the model: arms of an experiment (``experiment``), paired effects (``compare``)."""
