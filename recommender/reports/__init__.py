"""Pages for people: the exploration of a data set, the model card, the brief for decisions, ingredient coverage."""
