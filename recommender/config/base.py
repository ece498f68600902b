"""What all settings share: frozen, strict, no unknown key."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A group of settings that cannot change once read and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
