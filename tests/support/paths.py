"""Where the repository is, and the real data beside it, which is not part of the project."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared" / "data"
