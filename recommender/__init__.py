"""The domain of the beauty-product recommender: data contract, models, rules, evaluation and engine."""
