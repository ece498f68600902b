"""Feast definitions: entities, views and services over the domain's features."""
