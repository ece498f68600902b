"""What can go wrong on a cluster and can be mended."""

from infrastructure.errors import RecommenderError


class DeploymentError(RecommenderError):
    """A new model, or the platform itself, could not take its place in the cluster."""


class ApiAwayError(DeploymentError):
    """The Kubernetes API does not answer now, as while its server restarts: to be asked again."""
