"""How many events per second the collector accepts."""
