"""What stands in a model card, and its sections."""
