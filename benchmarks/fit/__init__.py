"""Fitting by size of the shop: time, memory and bundle, and how a shop that does not fit is refused."""
