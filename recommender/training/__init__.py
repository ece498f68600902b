"""Training: from clean tables to bundles, and recommendations for everyone at once."""
