"""What a data set's YAML file may say, key by key; nothing here reads a table."""
