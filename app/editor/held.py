"""Forms that could not be saved at once, kept for a day and shown again to the same person and to nobody else."""

from datetime import UTC, datetime
from uuid import UUID

from app.editor.local import screen_of
from app.errors import NotFound
from app.identity.actions import hold_form
from app.identity.repository import held_form
from app.web.context import AnyRequest, Here
from app.web.forms import Form


async def held_fields(request: AnyRequest, here: Here) -> Form | None:
    """The form that `held` names, None when the address names none. Raises NotFound for anybody else's and on another screen.

    Looking does not use it up: whoever reloads the page must not lose the text. It goes by itself after a day.
    """
    text = request.query_params.get("held", "")
    if not text:
        return None
    try:
        form_id = UUID(text)
    except ValueError:
        raise NotFound() from None
    row = await here.database.read(lambda reading: held_form(reading, form_id, here.person.user_id, datetime.now(UTC)))
    if row is None or row.address != screen_of(request.url.path):
        raise NotFound()
    return Form({str(name): [str(value) for value in values] for name, values in row.fields.items()})


async def hold_typed(here: Here, address: str, form: Form) -> str:
    """Keep what lost its race for a day; gives the address at which its author can open it."""
    user_id = here.person.user_id
    held = await here.database.run(here.actor, "hold form", lambda work: hold_form(work, here.actor, user_id, address, form.kept()))
    return f"{address}?held={held}"


def held_address(form: Form, address: str) -> str:
    """Where the sender's own version is kept, if the form says so; it can lead nowhere but to this thing."""
    held = form.text("held")
    return held if held.startswith(f"{address}?held=") else ""
