"""What is done with the cells of one foreign column before they are ours."""
