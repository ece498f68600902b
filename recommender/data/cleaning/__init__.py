"""From raw tables to clean ones: types, rules, the quarantine, and imputation of missing values."""
