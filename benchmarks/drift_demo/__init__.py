"""``make benchmark-drift-demo``: customers of a synthetic shop change; watched until the loop has closed by itself."""
