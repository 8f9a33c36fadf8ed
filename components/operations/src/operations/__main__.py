"""`python -m operations`, where the command `operations` is not installed."""

from operations.cli import app

app()
