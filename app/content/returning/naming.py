"""How tags, bylines and menus return; the live posts that show them are made anew by a job."""

from app import keys
from app.content.actions.refreshing import promise_refresh
from app.content.repository import AUTHORS, MENUS, TAGS
from app.db.returning import PlainRows

TAGS_BACK = PlainRows(
    TAGS,
    tags=lambda tag: [keys.tag_tag(tag.id)],
    follow=lambda work, tag: promise_refresh(work, tag_id=tag.id),
)
AUTHORS_BACK = PlainRows(
    AUTHORS,
    tags=lambda author: [keys.author_tag(author.id)],
    follow=lambda work, author: promise_refresh(work, author_id=author.id),
)
MENUS_BACK = PlainRows(MENUS, tags=lambda menu: [keys.menu_tag(menu.site_id)])
