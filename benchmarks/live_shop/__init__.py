"""A synthetic shop that is recorded until a day and simulated live from then on."""
