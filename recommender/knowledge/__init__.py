"""Expert knowledge of ingredients and concerns: data files, and the code that reads them."""
