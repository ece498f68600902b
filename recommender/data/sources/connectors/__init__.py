"""Where tables are besides files beside the source file: stores, databases and web APIs, and several files as one."""
