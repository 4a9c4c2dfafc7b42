"""`python -m api.cli` is `goldenhour`."""

from api.cli.main import main

main()
