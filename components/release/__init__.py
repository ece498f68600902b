"""Components that bring a model to customers."""
