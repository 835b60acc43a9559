"""An act of one button that met a newer version: who was faster, and doing it all the same."""

from app.editor.errors import kept_of, reference
from app.editor.frame import Html, bare_shell, screen
from app.editor.timeline import Recorded, who_did
from app.editor.views.errors import ChangedMeanwhile, Kept
from app.web.context import AnyRequest, Here


def changed_meanwhile(request: AnyRequest, here: Here, thing: str, newest: Recorded, drop: str) -> Html:
    """The page that says so. Its form sends the same fields again, made out for the newer version."""
    shell = bare_shell(request, "This has changed meanwhile", here.person)
    sent = [field for field in kept_of(request, shell) if field.name != "version"]
    view = ChangedMeanwhile(
        thing=f"“{thing}”" if thing else "this text",
        by=who_did(newest, here.person.user_id),
        at=newest.at,
        action=request.url.path,
        drop=drop,
        fields=(*sent, Kept(name="version", value=str(newest.version))),
        reference=reference(request),
    )
    return screen(request, "error-409.html", shell, view, status=409)
