"""Visits of the synthetic shop's customers, and what they buy."""
