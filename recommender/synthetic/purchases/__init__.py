"""When customers of the synthetic shop come, and what they buy."""
