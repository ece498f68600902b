"""From foreign files to clean tables: sources, parsing, cleaning and the quarantine."""
