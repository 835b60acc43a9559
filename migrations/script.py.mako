"""${message}."""

revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    """One change, which may be run again after a crash between any two of its statements."""
