"""What runs preparation and features: DuckDB in the process, or Spark."""
