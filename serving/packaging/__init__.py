"""A bundle becomes a Bento, which is served and smoke-tested."""
