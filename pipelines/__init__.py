"""The pipelines and their one runner: here (kfp.local) or on a cluster."""
