"""What is shown when something goes wrong."""

from app.editor.views.errors import Away, Broken, ChangedMeanwhile, ErrorPage, NotAllowed, NothingHere, TooLarge, TooMany, kept_fields
from app.editor.views.shell import Link
from tests.editor.samples.frame import BOB, CHANGES, ID, TITLE, Sample, ago, bare, shell, small

POSTED = (("csrf", "a-token"), ("version", "14"), ("title", TITLE), ("body", "Rain came late.\nAnd stopped."), ("password", "secret"))

HOME = (Link(text="Go to posts", href="/c/acme/s/journal/posts"), Link(text="Look in the trash", href="/c/acme/s/journal/posts?view=trash"))

MINIMAL = {
    "error": Sample("error.html", bare("Something is wrong"), ErrorPage(heading="This request cannot be read")),
    "error-403-form": Sample("error-403.html", bare("Not allowed"), NotAllowed(reason="This form has run out. Open it again.")),
    "error-404-stranger": Sample("error-404.html", bare("Not found"), NothingHere()),
    "error-413": Sample("error-413.html", bare("Too large"), TooLarge(limit=2_000_000)),
    "error-429-limit": Sample("error-429.html", bare("Too many"), TooMany(detail="A customer may have 1,000 keys.")),
    "error-500": Sample("error-500.html", bare("Something broke"), Broken()),
    "error-503-read": Sample("error-503.html", bare("Away"), Away(retry_after=5, retry="/c/acme/s/journal/posts")),
}


FULL = {
    "error-page": Sample(
        "error.html",
        shell("Gone"),
        ErrorPage(heading="This was removed", sentences=("It is gone for good.",), reference="01JD", links=HOME),
    ),
    "error-403": Sample(
        "error-403.html",
        small("Not allowed"),
        NotAllowed(
            reason="Changing prices needs the role editor or owner.",
            customer="Acme Roasters",
            role="reader",
            ask=("Alice Moreno",),
            reference="01JD3Z8Q2M",
            links=HOME[:1],
        ),
    ),
    "error-404": Sample("error-404.html", shell("Not found"), NothingHere(reference="01JD3Z8Q2M", links=HOME)),
    "error-409": Sample(
        "error-409.html",
        shell("Changed meanwhile"),
        ChangedMeanwhile(
            thing="this key",
            by=BOB,
            at=ago(minutes=1),
            action="/c/acme/keys",
            drop="/c/acme/keys",
            fields=kept_fields(POSTED),
            mine=CHANGES[:1],
            theirs=CHANGES[1:],
            reference="01JD",
        ),
    ),
    "error-413-known": Sample("error-413.html", bare("Too large"), TooLarge(limit=2_000_000, size=61_000_000, reference="01JD3Z8Q2M")),
    "error-429": Sample("error-429.html", bare("Wait"), TooMany(detail="This address was tried too often.", retry_after=900, links=HOME)),
    "error-500-unknown": Sample(
        "error-500.html",
        bare("Something broke"),
        Broken(is_unknown=True, action=f"/c/acme/s/journal/posts/{ID}", fields=kept_fields(POSTED), reference="01JD3Z8Q2M"),
    ),
    "error-503": Sample(
        "error-503.html",
        bare("Away"),
        Away(retry_after=5, action=f"/c/acme/s/journal/posts/{ID}", fields=kept_fields(POSTED), reference="01JD3Z8Q2M"),
    ),
}
