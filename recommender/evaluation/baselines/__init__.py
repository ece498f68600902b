"""Simple models beside the one that is judged, on the same split and by the same ranking."""
