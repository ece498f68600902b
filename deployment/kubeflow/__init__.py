"""The client of Kubeflow Pipelines."""
