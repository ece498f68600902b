"""A model's way into a cluster's service, and the platform's into a cluster."""
