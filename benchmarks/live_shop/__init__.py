"""A synthetic shop that is recorded until a day, and played live from then on."""
