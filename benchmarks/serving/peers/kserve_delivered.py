"""KServe's own server as its documentation begins: one process, and everything else as it is delivered."""

from kserve import ModelServer

from benchmarks.serving.peers.kserve_model_server import KServeRecommender

if __name__ == "__main__":
    ModelServer().start([KServeRecommender()])
