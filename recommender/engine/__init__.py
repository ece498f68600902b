"""The engine that answers: queries in, recommendations with their reasons out."""
