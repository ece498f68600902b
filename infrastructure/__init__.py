"""What every part stands on and no part is about: files, locks, memory, tokens, the workspace on disk."""
