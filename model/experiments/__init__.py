"""Questions asked of the model: arms (``experiment``) and their paired effects (``compare``)."""
