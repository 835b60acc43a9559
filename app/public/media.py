"""Files of the media library. Their addresses name their content, so that a browser may keep them for ever."""

from litestar.handlers import route
from litestar.response.base import ASGIResponse

from app.errors import NotFound
from app.public.answers import IMMUTABLE, METHODS, answer_file, answer_missing
from app.public.asking import AnyRequest, database_of, host_of, path_of, services_of
from app.publishing.pages import find_media
from app.publishing.targets import address_of


@route("/media/{path:path}", http_method=METHODS)
async def show_file(request: AnyRequest) -> ASGIResponse:
    """The file at /media/{hash}/{name}, if it is one of this customer's."""
    address = address_of(path_of(request))
    if address is None or address.is_folder or len(address.segments) != 3:
        return await answer_missing(request)
    _, digest, name = address.segments
    file = await find_media(database_of(request), host_of(request).site_id, digest, name)
    if file is None:
        return await answer_missing(request)
    try:
        body = await services_of(request).storage.get(file.stored_name)
    except NotFound:
        return await answer_missing(request)
    return answer_file(request, body, file.content_type, cache=IMMUTABLE)
