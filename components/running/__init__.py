"""How a function becomes a component, and what each does around its work."""
