"""How many requests the service answers, and how fast, beside the same engine in other servers."""
