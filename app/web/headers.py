"""Headers that every answer carries, and the content security policies of the two apps."""

CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
PUBLIC_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FEATURES = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


def common_headers(*, is_console: bool, is_secure: bool) -> dict[bytes, bytes]:
    """What is added to every answer unless the answer has said it itself."""
    said = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin" if is_console else "strict-origin-when-cross-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": FEATURES,
        "content-security-policy": CONSOLE_POLICY if is_console else PUBLIC_POLICY,
        "cache-control": "no-store" if is_console else "public, max-age=0, must-revalidate",
    }
    if is_secure:
        said["strict-transport-security"] = "max-age=31536000"
    return {name.encode(): value.encode() for name, value in said.items()}
