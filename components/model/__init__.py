"""Components that learn, judge and tune."""
