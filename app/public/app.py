"""The public app: the routes of every tenant's site. It is reached by the outermost callable alone, which has found the site."""

from litestar import Litestar, Router
from litestar.datastructures import State

from app.public import machinery, media, pages, previews
from app.public.answers import answer_error, refuse_to_write
from app.public.cursors import SignedCursors
from app.publishing.visits import Press
from app.web.services import Services

HANDLERS = [
    pages.show_page,
    media.show_file,
    previews.show_preview,
    machinery.show_health,
    machinery.show_style,
    machinery.show_robots,
    machinery.show_icon,
]


def public_app(services: Services) -> Litestar:
    """The sites of all customers. Every answer that is not found, closed or broken looks the same on all of them."""
    press = Press(
        themes=services.themes,
        cursors=SignedCursors(services.keys("cursor")),
        origin_of=lambda host: str(services.settings.public_origin(host)),
        console_origin=services.console_origin,
    )
    return Litestar(
        route_handlers=[Router("/", route_handlers=HANDLERS)],
        before_request=refuse_to_write,
        exception_handlers={Exception: answer_error},
        openapi_config=None,
        logging_config=None,
        debug=False,
        state=State({"services": services, "press": press}),
    )
