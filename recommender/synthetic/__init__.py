"""A simulated beauty shop: every table of the contract, hidden needs, drift on demand and honest dirt.

Everything here is drawn from a seed. The YAML files beside the code are the simulation's own truth; the
platform's expert knowledge (``recommender.knowledge``) is not used, so a model cannot win by sharing it.
"""
