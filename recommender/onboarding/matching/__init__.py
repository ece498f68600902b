"""Which foreign table is which of ours, and which column which; by names, cells and keys that join."""
