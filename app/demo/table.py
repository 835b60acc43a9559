"""What the demonstration prints once it answers: where everything is, and how to get in. Pure."""

from app.demo.people import CAST, Access
from app.demo.stories import KEYS
from app.settings import Origin

CHANGED = "(changed since; the one you chose)"


def table(console: Origin, sites: dict[str, Origin], access: Access, remote: str | None) -> list[str]:
    """The lines for the terminal. `remote` is this machine's address when somebody sits at another one, over ssh."""
    people = [(m.email, access.passwords[m.email] or CHANGED, f"{m.role} of {m.customer.title()}") for m in CAST]
    width = max(len(password) for _, password, _ in people)
    lines = ["", "The demonstration is running.", "", f"  Console   {console}/"]
    lines += [f"            {email:<24}{password:<{width}}  {what}" for email, password, what in people]
    lines += ["", *(f"  {'Sites' if key == KEYS[0] else '':<10}{sites[key]}/" for key in KEYS)]
    lines += ["", *(f"  {'API' if key == KEYS[0] else '':<10}{curl(console, access.keys[key])}" for key in KEYS)]
    if remote is not None:
        lines += [
            "",
            f"  From your own machine: ssh -L {console.port}:127.0.0.1:{console.port} {remote}",
            "  then open the addresses above there.",
        ]
    return [*lines, "", "  Stop it with Ctrl-C. All data stays; `agoat demo --reset` begins anew.", ""]


def curl(console: Origin, key: str) -> str:
    """A line that works when it is pasted."""
    return f"curl -H 'Authorization: Bearer {key}' {console}/api/v1/products"
