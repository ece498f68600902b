"""Whether reasons are true: what becomes of a product's score without the cause that a reason names."""
