"""The synthetic shop's raw tables, as a source delivers them, with planted errors."""
