"""What customers mean by the words in which they name something to avoid."""
