"""What the guard raises. Each of these is a mistake in our code, never in what a person typed."""


class GuardError(RuntimeError):
    """The root of every refusal of the guard."""


class TenantMissing(GuardError):
    """A statement reached a connection that carries no customer."""


class TenantUnscoped(GuardError):
    """A statement could not be shown to stay within one customer."""


class TenantMismatch(GuardError):
    """A value or a row names another customer than the connection's. The message never says which."""
