"""How a model is evaluated: split, metrics, intervals, gate."""
