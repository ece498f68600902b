"""What computes clean tables and features: the engine that runs their expressions, and how much it may take."""

from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings


class ComputeSettings(Settings):
    """Where tables are prepared and features computed; what comes out is the same for every engine."""

    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        description="what runs the expressions: duckdb within the process, or spark (the session that is active, "
        "else one of this machine; needs requirements-spark.txt and Java)",
    )
    memory_megabytes: int = Field(
        default=2_000, ge=100, description="what duckdb may hold in memory before it goes on in temporary files"
    )
