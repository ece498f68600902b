"""The synthetic shop's customers: traits, needs, memory and choices."""
