"""``python -m beauty``: the same as the program ``beauty``."""

from beauty.command_line import main

if __name__ == "__main__":
    main()
