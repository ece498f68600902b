"""Events in, reports and retraining out."""
