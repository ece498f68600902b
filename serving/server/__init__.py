"""The process that serves: routes, middleware, instrumentation, connections, its environment, start and end."""
