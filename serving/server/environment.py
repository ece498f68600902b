"""Where a serving process finds its model, its customers and its log: environment variables, read once."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from infrastructure.bearer_tokens import TOKENS_FILE
from infrastructure.errors import ConfigError
from infrastructure.settings import S, checked
from infrastructure.workspace.online_store import ONLINE_STORE, redis_address
from settings.experiment import ExperimentSettings
from settings.serving import ServingSettings

CHAMPION: Final = "CHAMPION"
CHALLENGER: Final = "CHALLENGER"
EXPERIMENT: Final = "EXPERIMENT"
IMPRESSIONS_LOG: Final = "IMPRESSIONS_LOG"
IMPRESSIONS_TOKEN: Final = "IMPRESSIONS_TOKEN_FILE"  # noqa: S105 (a variable's name)
SERVING_SETTINGS: Final = "SERVING_SETTINGS"

_ADDRESSES: Final = ("http://", "https://")
#: In a Bento the bundle and the settings lie beside the packages.
BUNDLE_FOLDER: Final = "bundle"
SETTINGS_FILE: Final = "serving.json"


@dataclass(frozen=True)
class Environment:
    """What a serving process is told.

    Attributes:
        bundle: The bundle that the Bento brought with it.
        champion: Pointer to follow instead, so that a new champion is served without a restart (``CHAMPION``).
        challenger: Pointer to a model that is tried beside the champion (``CHALLENGER``).
        experiment: Who gets the challenger: JSON of the settings ``experiment`` (``EXPERIMENT``), the defaults without.
        online_store: Feast's online store (``ONLINE_STORE``), the path of its SQLite file or a ``redis://`` address;
            without it every customer is unknown.
        impressions_log: SQLite file of what was shown, or the ``http://`` address of the collector that takes it
            (``IMPRESSIONS_LOG``); without it nothing is logged.
        impressions_token: File of the token that the collector wants (``IMPRESSIONS_TOKEN_FILE``).
        tokens: File of the bearer tokens that may ask (``TOKENS_FILE``); without it everyone may.
        settings: The file that the Bento brought, or the JSON text in ``SERVING_SETTINGS``.
    """

    bundle: Path
    champion: Path | None = None
    challenger: Path | None = None
    experiment: ExperimentSettings = field(default_factory=ExperimentSettings)
    online_store: Path | str | None = None
    impressions_log: Path | str | None = None
    impressions_token: Path | None = None
    tokens: Path | None = None
    settings: ServingSettings = field(default_factory=ServingSettings)

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ, root: Path | None = None) -> Self:
        """What the variables say, for packages that lie in ``root``.

        Raises:
            ConfigError: The settings are malformed.
        """
        root = root or Path(__file__).resolve().parents[2]
        return cls(
            bundle=root / BUNDLE_FOLDER,
            champion=_path(variables, CHAMPION),
            challenger=_path(variables, CHALLENGER),
            experiment=_parsed(ExperimentSettings, variables.get(EXPERIMENT) or "{}", EXPERIMENT),
            online_store=_store(variables),
            impressions_log=_log(variables),
            impressions_token=_path(variables, IMPRESSIONS_TOKEN),
            tokens=_path(variables, TOKENS_FILE),
            settings=_settings(variables, root / SETTINGS_FILE),
        )


def _path(variables: Mapping[str, str], name: str) -> Path | None:
    text = variables.get(name)
    return Path(text).absolute() if text else None


def _log(variables: Mapping[str, str]) -> Path | str | None:
    text = variables.get(IMPRESSIONS_LOG, "")
    return text if text.startswith(_ADDRESSES) else _path(variables, IMPRESSIONS_LOG)


def _store(variables: Mapping[str, str]) -> Path | str | None:
    return redis_address(variables) or _path(variables, ONLINE_STORE)


def _settings(variables: Mapping[str, str], file: Path) -> ServingSettings:
    text = variables.get(SERVING_SETTINGS)
    if not text:
        text = file.read_text(encoding="utf-8") if file.is_file() else "{}"
    return _parsed(ServingSettings, text, SERVING_SETTINGS)


def _parsed(kind: type[S], text: str, variable: str) -> S:
    try:
        return checked(kind, json.loads(text), where=variable)
    except json.JSONDecodeError as error:
        raise ConfigError(f"Not valid JSON: {error}.", where=variable) from None
