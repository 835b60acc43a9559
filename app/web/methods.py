"""Methods of requests, the same at every door: HEAD is GET without its body, and Allow says so. Pure."""

KNOWN = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"})


def method_for_doors(method: str) -> str:
    """The method that a door is asked with.

    A door answers HEAD as GET; the outermost callable leaves the body away. A method that nobody knows is refused like TRACE,
    which no address offers, so that each door refuses it in its own words.
    """
    return "GET" if method == "HEAD" else method if method in KNOWN else "TRACE"


def allowed(methods: str) -> str:
    """The value of an Allow header: in order, and with HEAD wherever GET is."""
    offered = {method.strip() for method in methods.split(",")}
    return ", ".join(sorted(offered | ({"HEAD"} if "GET" in offered else set())))
