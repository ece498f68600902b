"""The right to erasure: where a customer's personal data is, and its removal with proof."""
