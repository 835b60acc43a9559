"""What is done in this room, one function an act; each runs inside a unit of work that its caller opens."""

from app.content.actions.naming import save_author, save_menu, save_tag
from app.content.actions.publishing import publish_post, unpublish_post, what_publishing_touches
from app.content.actions.refreshing import refresh_publications
from app.content.actions.restoring import restore_version, undelete_post
from app.content.actions.saving import save_post
from app.content.actions.trashing import bring_back_post, delete_post, trash_post

__all__ = [
    "bring_back_post",
    "delete_post",
    "publish_post",
    "refresh_publications",
    "restore_version",
    "save_author",
    "save_menu",
    "save_post",
    "save_tag",
    "trash_post",
    "undelete_post",
    "unpublish_post",
    "what_publishing_touches",
]
