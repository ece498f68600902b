"""Feast's view of the domain's features: names, types and descriptions come from ``recommender.features``."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from feast import Entity, FeatureView, Field, FileSource, ValueType
from feast.feast_object import FeastObject
from feast.types import Array, FeastType, Float32, Float64, Int64, String

from recommender.features import definitions

TYPES: Final[dict[str, FeastType]] = {
    "Int64": Int64,
    "Float64": Float64,
    "String": String,
    "Array(String)": Array(String),
    "Array(Int64)": Array(Int64),
    "Array(Float32)": Array(Float32),
}


def feast_objects(offline: Path) -> list[FeastObject]:
    """Every entity and feature view, over the Parquet files in ``offline``."""
    entities = {view.entity: _entity(view.entity) for view in definitions.VIEWS}
    return [*entities.values(), *(_view(view, entities[view.entity], offline) for view in definitions.VIEWS)]


def _entity(column: str) -> Entity:
    return Entity(name=column.removesuffix("_id"), join_keys=[column], value_type=ValueType.STRING)


def _view(view: definitions.View, entity: Entity, offline: Path) -> FeatureView:
    return FeatureView(
        name=view.name,
        entities=[entity],
        ttl=timedelta(0),  # a customer who comes back after years is still known
        description=view.description,
        schema=[_field(feature) for feature in view.features],
        source=FileSource(
            name=f"{view.name}_source",
            path=str(offline / f"{view.name}.parquet"),
            timestamp_field=definitions.EVENT_TIMESTAMP,
        ),
    )


def _field(feature: definitions.Feature) -> Field:
    return Field(name=feature.name, dtype=TYPES[feature.dtype], description=f"{feature.description} [{feature.unit}]")
