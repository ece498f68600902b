"""What models know of products: the catalogue, attributes, how they are bought and bought again."""
