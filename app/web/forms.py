"""Forms of the console: read once, as text, with the proof that they are its own."""

from app.errors import Forbidden, Invalid
from app.web.context import AnyRequest, services_of
from app.web.csrf import check_form_token, origin_proves

# A form may name a field several times, for example scopes or tags.
Fields = dict[str, list[str]]


class Form:
    """The fields of a posted form. Text keeps its line ends as people mean them: one newline."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields

    def text(self, name: str, default: str = "") -> str:
        """The first value of a field, without spaces around it."""
        return self.raw(name, default).strip()

    def raw(self, name: str, default: str = "") -> str:
        """The first value of a field as it was written, without zero bytes, which no database keeps."""
        values = self.fields.get(name)
        return values[0].replace("\r\n", "\n").replace("\x00", "") if values else default

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value.replace("\x00", "") for value in self.fields.get(name, [])]

    def number(self, name: str) -> int | None:
        """A whole number, None when the field is absent or empty. Raises Invalid."""
        text = self.text(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Invalid({name: "Write a whole number."})
        return int(text)

    def kept(self) -> dict[str, list[str]]:
        """The fields that may be kept and shown again: no passwords and no tokens."""
        return {name: self.all(name) for name in self.fields if "password" not in name and name != "csrf"}


async def read_form(request: AnyRequest) -> Form:
    """The posted form. Raises Forbidden when neither the browser nor the form's token proves that it is the console's own."""
    data = await request.form()
    form = Form({name: [str(value) for value in data.getall(name)] for name in data})
    check_own(request, form.text("csrf"))
    return form


def check_own(request: AnyRequest, token: str) -> None:
    """Raise Forbidden unless the request is the console's own."""
    services = services_of(request)
    headers = request.headers
    if origin_proves(request.method, headers.get("sec-fetch-site"), headers.get("origin"), services.console_origin):
        return
    session = request.cookies.get(services.session_cookie)
    if session is None:
        raise Forbidden("Your browser does not say where this form comes from. Allow it to send the Origin header, or use another browser.")
    check_form_token(services.keys("csrf"), session, token)
