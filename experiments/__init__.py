"""Two models tried on customers at once: who got which, what came of it, and when that is certain."""
