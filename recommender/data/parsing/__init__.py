"""From raw cells to values with the types of the contract."""
