"""``make benchmark-drift-demo``: customers of a synthetic shop change; until the platform has retrained by itself."""
