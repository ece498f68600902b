"""The sections of the exploration report, one a file.

Each section returns None where the data cannot answer its question.
"""
