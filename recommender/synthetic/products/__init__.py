"""The synthetic shop's products: routine, brands, formulas, prices."""
