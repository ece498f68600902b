"""Measurements of the platform against its aims and against what others would use."""
