"""Every parameter of the platform, and which of them hold for a data set."""
