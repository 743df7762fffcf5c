"""``python -m omolab`` is the command ``omolab``."""

from omolab.cli import main

if __name__ == "__main__":
    main()
