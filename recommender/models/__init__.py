"""The candidate models, their blend and the re-ranker: one model a file."""
