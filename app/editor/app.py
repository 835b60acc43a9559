"""The console as one application: its screens, its static files, the API beside it, and what is said when something fails."""

from litestar import Litestar, Response, Router, get
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.routes import HTTPRoute

from app.editor import account, audit, customers, keys, posts, products, sign_in, team, undoing
from app.editor.entry import DEPENDENCIES
from app.editor.errors import HANDLERS
from app.editor.render import asset_of
from app.errors import NotFound
from app.web.context import AnyRequest
from app.web.services import Services

SCREENS = (sign_in, account, customers, posts, products, team, keys, audit, undoing)
FOR_EVER = "public, max-age=31536000, immutable"


@get("/static/{name:str}")
async def static_file(name: FromPath[str]) -> Response[bytes]:
    """A style sheet, script or sprite; its name changes with its content."""
    found = asset_of(name)
    if found is None:
        raise NotFound()
    return Response(found.content, media_type=found.content_type.split(";")[0], headers={"cache-control": FOR_EVER})


def answer_options(request: AnyRequest) -> Response[bytes] | None:
    """Which methods an address of the console knows, before any handler is asked; None for other methods and for the API.

    The framework's own answer names only those of the handler that was registered first.
    """
    if request.method != "OPTIONS" or request.url.path.startswith("/api"):
        return None
    template = request.scope["path_template"]
    known = next(route.methods for route in request.app.routes if isinstance(route, HTTPRoute) and route.path_format == template)
    return Response(b"", status_code=204, headers={"allow": ", ".join(sorted(known))})


def console_app(services: Services, api_router: Router) -> Litestar:
    """The console with the API beside it. It answers on the console's host alone; the outermost callable sees to that."""
    screens = Router(path="/", route_handlers=[static_file, *(screen.ROUTER for screen in SCREENS)], dependencies=DEPENDENCIES)
    return Litestar(
        route_handlers=[screens, api_router],
        before_request=answer_options,
        exception_handlers=HANDLERS,
        openapi_config=None,
        logging_config=None,
        debug=False,
        state=State({"services": services}),
    )
