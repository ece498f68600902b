"""What experts know of ingredients and concerns, as data files and the code that reads them."""
