"""What accompanies the recommender: the record of how a run ended, and a round of monitoring."""
