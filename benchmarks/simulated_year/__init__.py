"""``make benchmark-simulated-year``: a year of a synthetic shop under several retraining policies."""
