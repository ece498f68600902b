"""Events in, reports and retraining out."""

from typing import Final

FOLDER: Final = ":/monitoring"
"""What the figures of this package follow from besides the domain (:func:`infrastructure.git.commit`)."""
