"""The synthetic shop's records, as a source delivers them: tables with honest dirt."""
