"""Well-known exports, each described once: a table of a source file names one by ``like``."""

from recommender.data.sources.presets.preset import Preset, load_preset, preset_names
from recommender.data.sources.presets.recognition import Match, recognise

__all__ = ["Match", "Preset", "load_preset", "preset_names", "recognise"]
