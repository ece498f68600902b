"""Tuning: parameters chosen on purchases hidden below the held-out ones, which no trial sees."""
