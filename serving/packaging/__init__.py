"""Packages a bundle as a Bento, serves it, and smoke-tests it."""
