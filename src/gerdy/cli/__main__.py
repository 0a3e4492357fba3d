"""``python -m gerdy.cli``."""

from gerdy.cli.program import main

main()
