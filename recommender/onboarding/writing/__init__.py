"""The proposal as a commented YAML file."""
