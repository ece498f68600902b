"""The engine alone: how long one request takes, at a champion's size and at larger ones."""
