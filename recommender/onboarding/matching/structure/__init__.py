"""What tables say of each other and columns of each other, whatever they are called: keys, lines, catalogues."""
