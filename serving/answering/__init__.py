"""From what a client asks to what it is told: messages, look-up, engine, impressions, admission."""
