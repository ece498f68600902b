"""Pages that people read: the exploration of a data set and the card of a model."""
