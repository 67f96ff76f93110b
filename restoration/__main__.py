"""`python -m restoration` is `latent-darkroom`."""

import sys

from restoration.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
