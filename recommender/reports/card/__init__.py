"""Content and sections of a model card."""
