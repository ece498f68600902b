"""One Kubeflow component a file: thin adapters between artifacts and the domain."""
