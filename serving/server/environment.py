"""The environment variables of a serving process: where its model, its customers and its log are; read once."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from infrastructure.bearer_tokens import TOKENS_FILE
from infrastructure.environment import read_path, read_port, read_text
from infrastructure.errors import ConfigError
from infrastructure.settings import S, checked
from infrastructure.workspace.online_store import ONLINE_STORE, redis_address
from serving.observability.tracing import EXPORTER_VARIABLE, NO_EXPORTER, SERVICE, SERVICE_VARIABLE
from settings.experiment import ExperimentSettings
from settings.serving import ServingSettings

CHAMPION: Final = "CHAMPION"
CHALLENGER: Final = "CHALLENGER"
EXPERIMENT: Final = "EXPERIMENT"
IMPRESSIONS_LOG: Final = "IMPRESSIONS_LOG"
IMPRESSIONS_TOKEN: Final = "IMPRESSIONS_TOKEN_FILE"  # noqa: S105 (a variable's name)
SERVING_SETTINGS: Final = "SERVING_SETTINGS"
PORT: Final = "PORT"
DEFAULT_PORT: Final = 3000

_COLLECTOR_SCHEMES: Final = ("http://", "https://")
#: In a Bento the bundle and the settings lie beside the packages.
BUNDLE_FOLDER: Final = "bundle"
SETTINGS_FILE: Final = "serving.json"


@dataclass(frozen=True)
class Environment:
    """What the environment of a serving process says.

    Attributes:
        bundle: The bundle that the Bento brought with it.
        champion: Pointer to follow instead, so that a new champion is served without a restart (``CHAMPION``).
        challenger: Pointer to a model that is tried beside the champion (``CHALLENGER``).
        experiment: Who gets the challenger: JSON of the settings ``experiment`` (``EXPERIMENT``), the defaults without.
        online_store: Feast's online store (``ONLINE_STORE``), the path of its SQLite file or a ``redis://`` address;
            without it every customer is unknown.
        impressions_log: SQLite file of what was shown, or the ``http://`` address of the collector that takes it
            (``IMPRESSIONS_LOG``); without it nothing is logged.
        impressions_token: File of the token that the collector requires (``IMPRESSIONS_TOKEN_FILE``).
        tokens: File of the valid bearer tokens (``TOKENS_FILE``); without it everyone may ask.
        settings: The file that the Bento brought, or the JSON text in ``SERVING_SETTINGS``.
        trace_exporter: OpenTelemetry's name of an exporter (``OTEL_TRACES_EXPORTER``), "none" for no traces.
        trace_service: What traces name as their service (``OTEL_SERVICE_NAME``).
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
    trace_exporter: str = NO_EXPORTER
    trace_service: str = SERVICE

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ, root: Path | None = None) -> Self:
        """What the variables say, for packages that lie in ``root``.

        Raises:
            ConfigError: The settings are malformed.
        """
        root = root or Path(__file__).resolve().parents[2]
        return cls(
            bundle=root / BUNDLE_FOLDER,
            champion=read_path(CHAMPION, variables),
            challenger=read_path(CHALLENGER, variables),
            experiment=_parsed(ExperimentSettings, read_text(EXPERIMENT, "{}", variables), EXPERIMENT),
            online_store=redis_address(variables) or read_path(ONLINE_STORE, variables),
            impressions_log=_log(variables),
            impressions_token=read_path(IMPRESSIONS_TOKEN, variables),
            tokens=read_path(TOKENS_FILE, variables),
            settings=_settings(variables, root / SETTINGS_FILE),
            trace_exporter=read_text(EXPORTER_VARIABLE, NO_EXPORTER, variables),
            trace_service=read_text(SERVICE_VARIABLE, SERVICE, variables),
        )


def serving_port() -> int:
    """The port that the endpoint listens on (``PORT``).

    Raises:
        ConfigError: It is not a port.
    """
    return read_port(PORT, DEFAULT_PORT)


def _log(variables: Mapping[str, str]) -> Path | str | None:
    text = read_text(IMPRESSIONS_LOG, variables=variables)
    return text if text.startswith(_COLLECTOR_SCHEMES) else read_path(IMPRESSIONS_LOG, variables)


def _settings(variables: Mapping[str, str], file: Path) -> ServingSettings:
    text = read_text(SERVING_SETTINGS, variables=variables)
    if not text:
        text = file.read_text(encoding="utf-8") if file.is_file() else "{}"
    return _parsed(ServingSettings, text, SERVING_SETTINGS)


def _parsed(kind: type[S], text: str, variable: str) -> S:
    try:
        return checked(kind, json.loads(text), where=variable)
    except json.JSONDecodeError as error:
        raise ConfigError(f"Not valid JSON: {error}.", where=variable) from None
