"""The synthetic shop's customers: who they are, what they need, how they choose."""
