"""Reads a table part by part, so that memory does not grow with its rows; the result is as if it were read whole."""
