"""How often the verdict of an experiment that is looked at daily is right."""
