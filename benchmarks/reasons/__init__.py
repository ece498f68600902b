"""Whether reasons are true: how a product's score changes without the cause that a reason names."""
