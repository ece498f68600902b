"""A customer is forgotten: where data of a person lies, and its erasure with proof."""
