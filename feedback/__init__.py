"""What customers did and were shown: the collector, the event log, and what the two together say."""
