"""A/B experiments of two models: assignment of customers, always-valid comparison, and the user survey."""
