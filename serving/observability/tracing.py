"""Traces (OpenTelemetry): a span a request, within it one for the store and one for the model.

Off unless ``OTEL_TRACES_EXPORTER`` names an exporter that is installed, by the specification's environment variables
(https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). A span never names a customer.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import entry_points
from typing import Any, Final, NamedTuple

from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from infrastructure.errors import ConfigError

EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_GROUP: Final = "opentelemetry_traces_exporter"
_PACKAGED: Final = {"otlp": "otlp_proto_http"}
"""What the package that has it calls an exporter of the specification's name."""

_SERVICE: Final = "recommender"
_PROPAGATOR: Final = TraceContextTextMapPropagator()

_OFF: Final = nullcontext(INVALID_SPAN)

_tracer: Tracer | None = None


class Step(NamedTuple):
    """A part of the work, its times in nanoseconds since 1970."""

    name: str
    began: int
    ended: int


def configure(variables: Mapping[str, str] = os.environ) -> None:
    """Export spans, in batches from a thread of their own, if the variables say so.

    Raises:
        ConfigError: They name an exporter that is not installed.
    """
    name = variables.get(EXPORTER, "none")
    if name in ("", "none"):
        return
    found = entry_points(group=_GROUP, name=_PACKAGED.get(name, name))
    if not found:
        installed = ", ".join(sorted({entry.name for entry in entry_points(group=_GROUP)}))
        raise ConfigError(
            "There is no such exporter of traces.",
            where="the environment",
            field=EXPORTER,
            value=name,
            expected=f"one of: none, {installed}; otlp comes with serving/requirements-otlp.txt",
        )
    (entry, *_) = found
    export_to(entry.load()(), variables.get("OTEL_SERVICE_NAME", _SERVICE))


def export_to(exporter: Any, service: str = _SERVICE) -> Any:
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
    return _tracer.start_as_current_span(name, context=_context(headers), kind=SpanKind.SERVER, record_exception=False)


def add_steps(steps: Sequence[Step]) -> None:
    """Spans within the request's, of what is over already; those of requests answered together are alike."""
    if _tracer is not None:
        for step in steps:
            _tracer.start_span(step.name, start_time=step.began).end(step.ended)


def _context(headers: Mapping[str, str]) -> Context | None:
    return _PROPAGATOR.extract(headers) if "traceparent" in headers else None
