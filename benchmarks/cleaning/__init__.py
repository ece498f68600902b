"""What cleaning finds of dirt that was planted, and what it does to real data."""
