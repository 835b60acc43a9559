"""`agoat person`: people who sign in, and what they may do for a customer."""

from typing import get_args

import click

from app.actor import Role
from app.cli.answers import Reply, command
from app.cli.office import Office, customer_option, open_office, reason_option, site_option
from app.errors import NotFound
from app.identity.actions import remove_member, set_role
from app.identity.models import User
from app.identity.people import checked_email
from app.identity.repository import user_by_email

ROLES = get_args(Role)
LINK_SAYS = "This link sets the password. It works once, within 24 hours, and is shown only here:"


@click.group(epilog="Example: agoat person reset alice@acme.example")
def person() -> None:
    """People: create, reset, role."""


@command(person, "create", example="agoat person create alice@acme.example --name Alice --customer acme --role owner")
@click.argument("email")
@click.option("--name", required=True, help="What others read.")
@customer_option
@site_option
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may do.")
@reason_option
async def create(email: str, name: str, customer: str, site: str | None, role: Role, reason: str | None) -> Reply:
    """Make a person a member of a customer; prints the link that sets the password. A known person gets the role and no link."""
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        at = await office.site(owner, site) if site else None
        known = await find(office, email)
        user = known or await office.people.create_person(email, name)
        await office.run(owner, "add member", lambda work: set_role(work, office.actor, user.id, role, at.id if at else None))
        if known is not None and known.password_hash:
            return Reply(
                described(user) | {"role": role, "link": None}, [f"{user.email} has an account already and is now {role} of {owner.name}."]
            )
        link = address_of_link(office, await office.people.create_link(user.id, "first_password"))
    return Reply(described(user) | {"role": role, "link": link}, [f"{user.email} is {role} of {owner.name}. {LINK_SAYS}", link])


@command(person, "reset", example="agoat person reset alice@acme.example")
@click.argument("email")
async def reset(email: str) -> Reply:
    """Print a link by which a person sets a new password; older links end. The present password works until then."""
    async with open_office() as office:
        user = await find(office, email)
        if user is None:
            raise NotFound(f"Nobody has the address {email}.")
        link = address_of_link(office, await office.people.create_link(user.id, "reset"))
    return Reply(described(user) | {"link": link}, [LINK_SAYS, link])


@command(person, "role", example="agoat person role bob@acme.example --customer acme --role editor")
@click.argument("email")
@customer_option
@site_option
@click.option("--role", type=click.Choice([*ROLES, "none"]), required=True, help="The new role; none ends the membership.")
@reason_option
async def change_role(email: str, customer: str, site: str | None, role: str, reason: str | None) -> Reply:
    """Give a person another role at a customer, or none. The last owner stays owner."""
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        user = await find(office, email)
        if user is None:
            raise NotFound(f"Nobody has the address {email}. Make the account: agoat person create {email} --customer {owner.slug}")
        if role == "none":
            await office.run(owner, "remove member", lambda work: remove_member(work, office.actor, user.id))
            return Reply(described(user) | {"role": None}, [f"{user.email} is no longer a member of {owner.name}."])
        at = await office.site(owner, site) if site else None
        await office.run(owner, "change role", lambda work: set_role(work, office.actor, user.id, role_of(role), at.id if at else None))
    return Reply(described(user) | {"role": role}, [f"{user.email} is now {role} of {owner.name}."])


async def find(office: Office, email: str) -> User | None:
    """The person with this address, or None. Raises Invalid for what is no address."""
    address = checked_email(email)
    return await office.directory.read(lambda session: user_by_email(session, address))


def role_of(word: str) -> Role:
    """The role of a word that click has checked."""
    return next(role for role in ROLES if role == word)


def address_of_link(office: Office, token: str) -> str:
    """Where a single-use link leads: the console."""
    return f"{office.settings.console_url}/set-password/{token}"


def described(user: User) -> dict[str, object]:
    """A person in JSON."""
    return {"id": user.id, "email": user.email, "name": user.name}
