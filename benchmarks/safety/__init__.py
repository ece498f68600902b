"""Whether anybody is ever shown what they avoid, and what caution costs them."""
