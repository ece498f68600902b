"""The BentoML service: the protocol's application, mounted, in one process a core.

Tuned by measurement: the server's access log and metrics (whose labels are unbounded paths) are off, ours are
on, and no path is traced, which together triple the requests answered in a second.
"""

import os

import bentoml

from serving.observability import logs
from serving.server.environment import Environment
from serving.server.runtime import Runtime
from serving.server.shortcut import Shortcut

DEFAULT_PORT = 3000

logs.configure()
application = Runtime(Environment.read()).app()


@bentoml.asgi_app(application, path="/")
@bentoml.service(  # pyright: ignore[reportUntypedClassDecorator] (bentoml leaves its result open)
    name="recommender",
    workers="cpu_count",
    traffic={"timeout": 10},
    http={"port": int(os.environ.get("PORT", DEFAULT_PORT))},
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
)
class RecommenderService:
    """Answers by the Open Inference Protocol only; the application's lifespan loads the model in each worker."""


RecommenderService.add_asgi_middleware(Shortcut, to=application)  # pyright: ignore[reportAttributeAccessIssue] (it is a bentoml.Service now)
