"""The BentoML service: the protocol's application, mounted, in one process a core.

Tuned by measurement: the server's access log and metrics (whose labels are unbounded paths) are off, ours are
on, and no path is traced by BentoML, which together triple the requests answered in a second.
"""

import bentoml

from serving.observability import logs
from serving.server.environment import Environment, serving_port
from serving.server.middleware import DirectDispatchMiddleware
from serving.server.runtime import Runtime

logs.configure_logging()
application = Runtime(Environment.read()).app()


@bentoml.asgi_app(application, path="/")
@bentoml.service(  # pyright: ignore[reportUntypedClassDecorator] (bentoml leaves its result open)
    name="recommender",
    workers="cpu_count",
    traffic={"timeout": 10},
    http={"port": serving_port()},
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
)
class RecommenderService:
    """Answers by the Open Inference Protocol only; the application's lifespan loads the model in each worker."""


RecommenderService.add_asgi_middleware(DirectDispatchMiddleware, application=application)  # pyright: ignore[reportAttributeAccessIssue] (it is a bentoml.Service now)
