"""How many events a second the collector takes."""
