"""Where tables come from: files, databases, web APIs, and the YAML file that maps their columns to ours."""
