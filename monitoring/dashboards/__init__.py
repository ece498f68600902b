"""Grafana dashboards and Prometheus alerts, made from the code that defines measures and metrics."""
