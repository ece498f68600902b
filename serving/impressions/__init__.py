"""The log of what was shown: written in batches, in a file here or sent to the collector."""
