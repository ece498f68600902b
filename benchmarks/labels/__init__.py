"""How much of real labels in national languages is read."""
