"""The sections of the exploration report, one question about the data a file.

Each section takes what it needs and returns None where the data cannot answer its question.
"""
