"""What the online feature store knows of customers, and what is answered while it cannot be read."""
