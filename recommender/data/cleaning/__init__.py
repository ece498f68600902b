"""From raw tables to clean ones: the rules, the quarantine, and what fills missing values."""
