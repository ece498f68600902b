"""The Bento: Open Inference Protocol over the engine."""
