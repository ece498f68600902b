"""``make drift``: a synthetic shop whose customers change, watched until the loop has closed by itself."""
