"""Exports of shop systems, one file each."""
