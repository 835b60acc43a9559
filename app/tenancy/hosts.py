"""Host names as they are kept and compared: lower case, without port and final dot, in ASCII. Pure."""

import ipaddress
import re

from app.errors import Invalid

LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# First labels of built-in addresses that no site may have; the console's own host is refused beside them.
RESERVED_LABELS = frozenset({"www", "api", "admin", "mail", "static", "sites", "console"})


def normalised_host(value: str) -> str:
    """The one form in which a host is stored: RFC 5891 A-labels in lower case.

    Raises Invalid for what is no host name: empty, an address of digits, a wildcard, labels over 63 characters.
    """
    host = without_port(value.strip()).rstrip(".").lower()
    try:
        ascii_host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        raise Invalid({"host": "Write the host name as in a browser, for example www.example.org."}) from None
    labels = ascii_host.split(".")
    if not ascii_host or len(ascii_host) > 253 or not all(LABEL.fullmatch(label) for label in labels) or is_address(ascii_host):
        raise Invalid({"host": "Write the host name as in a browser, for example www.example.org."})
    return ascii_host


def without_port(value: str) -> str:
    """The host of `host:port`; an IPv6 literal stays as it is and is refused later."""
    host, colon, port = value.rpartition(":")
    return host if colon and port.isdigit() and ":" not in host else value


def is_address(host: str) -> bool:
    """Whether the host is an IP address, which names no site."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def checked_slug(value: str, field: str = "slug") -> str:
    """A slug of a customer or site, which must serve as a DNS label. Raises Invalid naming `field`."""
    slug = value.strip().lower()
    if not SLUG.fullmatch(slug) or slug.startswith("xn--"):
        raise Invalid({field: "Use 1 to 63 letters a to z, digits and hyphens, beginning and ending with a letter or digit."})
    return slug


def built_in_hosts(site: str, customer: str, sites_domain: str) -> list[str]:
    """The addresses to try for a new site, best first: the site, the site with its customer, then numbered."""
    labels = [site, f"{site}-{customer}", *(f"{site}-{customer}-{n}" for n in range(2, 100))]
    return [f"{label[:63].rstrip('-')}.{sites_domain}" for label in labels if label not in RESERVED_LABELS and not label.startswith("_")]
