"""Erasures in shops whose customers, products and events have each other's names: whose rows go?"""
