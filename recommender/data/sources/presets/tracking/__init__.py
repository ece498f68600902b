"""Exports of what web sites and apps record of their visitors, one file each."""
