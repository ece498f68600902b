"""The re-ranker: features of customer and candidate, LightGBM's LambdaRank, and its trees when it answers."""
