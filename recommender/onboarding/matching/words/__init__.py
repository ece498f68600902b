"""Words for tables, columns and values of a shop in many languages, and which of them a foreign name or cell holds."""
