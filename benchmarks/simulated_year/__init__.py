"""``make benchmark-simulated-year``: a year of a synthetic shop under several ways to decide when to retrain."""
