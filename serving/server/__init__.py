"""The process that serves: routes, authentication, measuring, connections, its start and its end."""
