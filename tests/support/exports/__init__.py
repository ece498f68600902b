"""Made-up exports of any size in the structure of real ones, one module a system: nothing in them was ever sold."""
