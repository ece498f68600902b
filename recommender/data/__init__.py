"""From foreign files to clean tables: sources, the contract, cleaning and the quarantine."""
