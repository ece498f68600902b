"""How often drift is told where there is none, and where there is."""
