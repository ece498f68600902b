"""The sequence network: fitted with JAX, answering in numpy."""
