"""Features of customers and products at a point in time: one definition for training, batch and online."""
