"""What every part uses and none is about: files, locks, memory, tokens, settings, the workspace on disk."""
