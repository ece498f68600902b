"""The models that each propose candidates: item-to-item, customer groups, popularity; one a file."""
