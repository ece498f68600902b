"""Helpers and fixtures that several tests share."""
