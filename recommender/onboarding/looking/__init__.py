"""Opens what was named and reads a sample of each table: how it is written, and rows from all over it."""
