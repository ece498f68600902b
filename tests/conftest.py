"""Helpers beside this file can be imported by every test."""
