"""Returns: which purchase each belongs to. A purchase that came back is neither a use nor lost."""
