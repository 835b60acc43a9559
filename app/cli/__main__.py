"""`python -m app.cli` is `agoat`."""

from app.cli import main

main(prog_name="agoat")
