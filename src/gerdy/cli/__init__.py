"""The command line: ``gerdy --help`` lists what it can do."""

import os

# Gerdy's tables are small: handing them between threads costs more than it saves, and on a busy machine far more.
# Set before anything loads NumPy; a user's own setting wins.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from gerdy.cli.program import main

__all__ = ["main"]
