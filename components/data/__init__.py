"""Components that bring data in and make features of it."""
