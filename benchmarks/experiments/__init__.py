"""How often the verdict of an experiment with a look every day is right."""
