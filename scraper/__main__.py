"""`python -m scraper` is `kliping`."""

from scraper.cli import main

main()
