"""What is known of customers and products at a time: one definition for training, batch and online."""
