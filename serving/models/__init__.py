"""The models that answer: loaded, swapped, champion and challenger, cached recommendations."""
