"""Who belongs to a customer, and as what."""

from litestar import Router, get

from app.db.work import Reading
from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, shell_at_customer
from app.editor.views.people import MemberRow, Team
from app.identity.access import Act, require
from app.identity.models import Membership, User
from app.identity.repository import members, people
from app.tenancy.repository import sites_of_customer
from app.web.context import AnyRequest, Here, services_of

# For larger teams nobody is asked when he was last here: it takes a question each.
LAST_SEEN_FOR = 50


@get("/c/{customer:str}/team")
async def team_page(request: AnyRequest, here: CurrentHere) -> Html:
    """The members with their roles. Changing them is done at the command line."""
    require(here.actor, Act.MANAGE_TEAM)

    async def read(reading: Reading) -> tuple[list[Membership], dict[object, str]]:
        return await members(reading), {site.id: site.name for site in await sites_of_customer(reading)}

    rows, sites = await here.database.read(read)
    known = await services_of(request).directory.read(lambda session: people(session, [row.user_id for row in rows]))
    shown = [await member_row(request, here, row, known[row.user_id], sites, len(rows)) for row in rows if row.user_id in known]
    view = Team(members=tuple(shown))
    return screen(request, "team.html", await shell_at_customer(request, here, "Team", "team"), view)


async def member_row(request: AnyRequest, here: Here, row: Membership, user: User, sites: dict[object, str], count: int) -> MemberRow:
    """One member."""
    sessions = await services_of(request).people.sessions(user.id) if count <= LAST_SEEN_FOR else []
    return MemberRow(
        name=user.name,
        email=user.email,
        role=row.role,  # type: ignore[arg-type]
        site=sites.get(row.site_id, "") if row.site_id else "",
        is_you=user.id == here.person.user_id,
        seen_at=sessions[0].seen_at if sessions else None,
    )


ROUTER = Router(path="/", route_handlers=[team_page])
