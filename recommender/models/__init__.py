"""The model families, their blend and the re-ranker: one family a file."""
