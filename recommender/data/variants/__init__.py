"""Variants of one product (sizes, packs, shades): which products are of one family, by the source or by their names."""
