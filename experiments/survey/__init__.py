"""The user test: people rate the lists of two models without knowing which is whose."""
