"""Drift and the retrain trigger: what recent traffic is like, how the model does, and when to train anew."""
