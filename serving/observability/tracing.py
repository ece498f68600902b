"""Traces (OpenTelemetry): a span a request, within it one for the store and one for the model.

Off unless ``OTEL_TRACES_EXPORTER`` names an exporter that is installed, by the specification's environment variables
(https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). A span never names a customer.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import entry_points
from typing import Any, Final, NamedTuple

from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from infrastructure.errors import ConfigError

EXPORTER_VARIABLE: Final = "OTEL_TRACES_EXPORTER"
SERVICE_VARIABLE: Final = "OTEL_SERVICE_NAME"
_GROUP: Final = "opentelemetry_traces_exporter"
_PACKAGED_NAMES: Final = {"otlp": "otlp_proto_http"}
"""What its package calls an exporter, by the specification's name."""

NO_EXPORTER: Final = "none"
SERVICE: Final = "recommender"
_PROPAGATOR: Final = TraceContextTextMapPropagator()

_OFF: Final = nullcontext(INVALID_SPAN)

_tracer: Tracer | None = None


class TraceStep(NamedTuple):
    """A part of the work, its times in nanoseconds since 1970."""

    name: str
    began: int
    ended: int


def configure_tracing(exporter: str = NO_EXPORTER, service: str = SERVICE) -> None:
    """Export spans, in batches from a thread of their own, if an exporter (the specification's name) is named.

    Raises:
        ConfigError: The exporter is not installed.
    """
    if exporter == NO_EXPORTER:
        return
    entries = entry_points(group=_GROUP, name=_PACKAGED_NAMES.get(exporter, exporter))
    if not entries:
        installed = ", ".join(sorted({entry.name for entry in entry_points(group=_GROUP)}))
        raise ConfigError(
            "There is no such trace exporter.",
            where="the environment",
            field=EXPORTER_VARIABLE,
            value=exporter,
            expected=f"one of: none, {installed}; otlp comes with serving/requirements-otlp.txt",
        )
    (entry, *_) = entries
    export_to(entry.load()(), service)


def export_to(exporter: Any, service: str = SERVICE) -> Any:
    """Export spans to this; returns the provider, which can be flushed."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    global _tracer
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = provider.get_tracer(__name__)
    return provider


def request_span(name: str, headers: Mapping[str, str]) -> AbstractContextManager[Span]:
    """The span of a request, within the caller's trace where its headers name one (W3C Trace Context)."""
    if _tracer is None:
        return _OFF  # OpenTelemetry's own way of doing nothing takes a tenth of the server's time
    context = _PROPAGATOR.extract(headers) if "traceparent" in headers else None
    return _tracer.start_as_current_span(name, context=context, kind=SpanKind.SERVER, record_exception=False)


def add_steps(steps: Sequence[TraceStep]) -> None:
    """Spans within the request's, of finished steps; requests answered together have the same ones."""
    if _tracer is not None:
        for step in steps:
            _tracer.start_span(step.name, start_time=step.began).end(step.ended)
