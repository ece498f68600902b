"""Feast's view of the domain's features: names, types and descriptions come from ``recommender.features``."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from feast import Entity, FeatureService, FeatureView, Field, FileSource, PushSource, ValueType
from feast.data_source import DataSource
from feast.feast_object import FeastObject
from feast.types import Array, FeastType, Float32, Float64, Int64, String

from feature_repo.store import SPARK
from recommender.features import definitions

TYPES: Final[dict[str, FeastType]] = {
    "Int64": Int64,
    "Float64": Float64,
    "String": String,
    "Array(String)": Array(String),
    "Array(Int64)": Array(Int64),
    "Array(Float32)": Array(Float32),
}


def feast_objects(offline: Path, store: str) -> list[FeastObject]:
    """Every entity, feature view and feature service, over Parquet files that this type of offline store reads."""
    source = _spark_source if store == SPARK else _file_source
    entities = {
        key: Entity(name=key.removesuffix("_id"), join_keys=[key], value_type=ValueType.STRING)
        for key in (view.entity for view in definitions.VIEWS)
    }
    views = {view.name: _view(view, entities[view.entity], source(view, offline)) for view in definitions.VIEWS}
    services = [
        FeatureService(name=made.name, description=made.description, features=[views[name] for name in made.views])
        for made in definitions.SERVICES
    ]
    return [*entities.values(), *views.values(), *services]


def _view(view: definitions.View, entity: Entity, files: DataSource) -> FeatureView:
    pushed = PushSource(name=definitions.push_source(view.name), batch_source=files) if view.pushed else None
    return FeatureView(
        name=view.name,
        entities=[entity],
        ttl=timedelta(0),  # a customer who comes back after years is still known
        description=view.description,
        schema=[_field(feature) for feature in view.features],
        source=pushed or files,
    )


def _file_source(view: definitions.View, offline: Path) -> DataSource:
    return FileSource(name=_source_name(view), path=_path(view, offline), timestamp_field=definitions.EVENT_TIMESTAMP)


def _spark_source(view: definitions.View, offline: Path) -> DataSource:
    # Imports pyspark, which is not there where Spark is not chosen.
    from feast.infra.offline_stores.contrib.spark_offline_store.spark_source import SparkSource

    return SparkSource(
        name=_source_name(view),
        path=_path(view, offline),
        file_format="parquet",
        timestamp_field=definitions.EVENT_TIMESTAMP,
    )


def _source_name(view: definitions.View) -> str:
    return f"{view.name}_source"


def _path(view: definitions.View, offline: Path) -> str:
    return str(offline / f"{view.name}.parquet")


def _field(feature: definitions.Feature) -> Field:
    return Field(name=feature.name, dtype=TYPES[feature.dtype], description=f"{feature.description} [{feature.unit}]")
