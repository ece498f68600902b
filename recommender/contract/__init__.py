"""The data contract: tables, columns and types, and what the engine is asked and answers."""
