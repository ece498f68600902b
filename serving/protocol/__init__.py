"""The Open Inference Protocol, V1 and V2: bytes in, bytes out."""
