"""What every part uses and none is about: files, locks, memory, tokens, settings, the workspace on disk."""

from typing import Final

SECONDS_AN_HOUR: Final = 3_600
SECONDS_A_DAY: Final = 86_400
