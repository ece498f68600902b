"""Presets use all that a source file can say."""

import pytest

from recommender.data.sources.description.table_source import TableSource

_NEEDED = {"where", "fill_down", "explode", "unpack", "pivot", "join", "returned"}

waits_for_keys = pytest.mark.skipif(
    not set(TableSource.model_fields) & _NEEDED, reason=f"a source file cannot say {', '.join(sorted(_NEEDED))}"
)
"""Nothing is skipped as soon as a source file can say any of it: then it has to be able to say all."""
