"""A simulated beauty shop: every table of the contract, with hidden needs, optional drift and realistic errors.

Everything here is drawn from a seed. The YAML files in ``parameters/`` are the simulation's own ground truth; the
platform's expert knowledge (``recommender.knowledge``) is not used, so a model gains nothing by sharing it.
"""
