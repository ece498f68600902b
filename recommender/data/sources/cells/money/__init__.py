"""Prices of several currencies in one: what stands beside them, rates, and conversion."""
