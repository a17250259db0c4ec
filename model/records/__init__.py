"""What a run leaves: series, final firms, ledger, manifest (``records``), written whole (``store``)."""
