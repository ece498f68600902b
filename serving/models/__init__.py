"""The models that answer: loaded, swapped, champion and challenger, remembered answers."""
