"""Metrics, logs and traces of the endpoint."""
