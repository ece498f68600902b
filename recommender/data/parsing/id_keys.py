"""Ids of raw tables as they are compared before cleaning reads them."""

from recommender.contract.identifiers import normalised_id
from recommender.data.parsing.cells import Cells, as_text


def id_keys(cells: Cells) -> Cells:
    """Each id as ``recommender.contract.identifiers`` has it, whatever type and spelling the source gave it.

    A column of numbers, one of texts and the collector's events then say the same; None where an id is missing.
    """
    keys = as_text(cells).map(normalised_id, na_action="ignore").astype(object)
    return keys.where(keys.notna() & (keys != ""), None)  # pyright: ignore[reportArgumentType]
