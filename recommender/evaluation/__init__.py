"""How a model is judged: split, metrics, intervals, gate."""
