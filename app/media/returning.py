"""How a picture of the library returns, with its files. The bytes of a file are never removed with its row."""

from app.db.returning import PlainRows, Rows
from app.keys import media_tag
from app.media.models import Rendition
from app.media.repository import MEDIA

FILES = Rows(Rendition, "files", "media_id")
MEDIA_BACK = PlainRows(MEDIA, lists=(FILES,), tags=lambda picture: [media_tag(picture.id)])
