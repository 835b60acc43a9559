"""A customer is full of one strange word, and nobody else ever gets a byte of it, in whatever form."""

import base64
import json
from urllib.parse import quote

import pytest
from redis.asyncio import Redis
from sqlalchemy import create_engine, text

from app.errors import Taken
from tests.cli.running import Agoat
from tests.installations import administrator_of
from tests.routes.askers import Asker
from tests.routes.asking import filled
from tests.routes.canaries import Catch, Detector, spellings
from tests.routes.doors import Doors
from tests.routes.hoard import SHARED, WHOLESALE, Hoard
from tests.routes.houses import House
from tests.routes.listening import logged, said_in
from tests.routes.planted import name_of, rows_with, texts_of_customers
from tests.routes.positions import row_of
from tests.routes.sweeping import Swept, act_of, clashes, errors, pages_of, with_ids_of
from tests.waiting import until


@pytest.fixture
def detector(hoard: Hoard) -> Detector:
    """Finds the hoard's word, and its wholesale price."""
    return Detector(hoard.word, *spellings(WHOLESALE))


def test_the_word_lies_in_every_text_of_every_table(admin_url: str, addresses: dict[str, str], hoard: Hoard) -> None:
    engine = create_engine(administrator_of(admin_url, addresses))
    with engine.begin() as connection:
        # The promise is kept, so that no worker of another test meets it; what it failed with once stays.
        said = {"customer": hoard.house.customer_id, "error": f"{hoard.word} failed"}
        connection.execute(text("UPDATE ops.outbox SET done_at = now(), error = :error WHERE customer_id = :customer"), said)
        bare = [
            name_of(column) for column in texts_of_customers() if not rows_with(connection, column, hoard.house.customer_id, hoard.word)
        ]
    engine.dispose()
    assert bare == []
    assert len(texts_of_customers()) > 60


async def test_nothing_of_the_hoard_is_got_at_any_door(
    doors: Doors, askers: dict[str, Asker], ours: House, hoard: Hoard, detector: Detector, swept: Swept
) -> None:
    caught = Catch()
    for part in (
        swept.caught,
        await pages_of(doors, ours),
        await with_ids_of(doors, askers, hoard),
        await clashes(doors, askers, ours),
        await errors(doors, askers),
    ):
        caught.things += part.things
    assert detector.where(caught) == []
    assert len(caught.things) > 800
    assert {name.rpartition(" ")[2] for name, _ in caught.things} >= {
        "200",
        "201",
        "303",
        "404",
        "405",
        "409",
        "410",
        "412",
        "414",
        "422",
        "431",
    }


async def test_what_the_hoard_does_is_logged_as_its_own_and_by_its_addresses_alone(
    doors: Doors, askers: dict[str, Asker], hoard: Hoard, detector: Detector, swept: Swept
) -> None:
    with logged() as lines:
        await act_of(hoard, doors)
        await errors(doors, askers)
    assert len(swept.lines) > 500
    for line in map(said_in, swept.lines + lines):
        # Whoever reads the addresses of a site reads the words in them; nothing else of a request is written down.
        is_its_own = line.get("customer_id") == str(hoard.house.customer_id)
        shown = {name: value for name, value in line.items() if name != "path" or not is_its_own}
        assert not detector.finds(json.dumps(shown).encode()), line


async def test_nothing_of_the_hoard_lies_in_redis_or_is_told_there(
    doors: Doors, askers: dict[str, Asker], hoard: Hoard, detector: Detector, redis_url: str
) -> None:
    redis, told = Redis.from_url(redis_url), Catch()
    listening = redis.pubsub()
    await listening.psubscribe("*")

    async def heard() -> bool:
        message = await listening.get_message(ignore_subscribe_messages=True, timeout=0.1)
        if message is not None:
            told.keep(str(message["channel"]), message["channel"], message["data"])
        return bool(told.things)

    await act_of(hoard, doors)
    await until(heard)
    kept = [key async for key in redis.scan_iter("*")]
    for key in kept:
        told.keep(str(key), key, (await redis.dump(key)) or b"")
    await listening.aclose()  # type: ignore[no-untyped-call]
    await redis.aclose()
    assert detector.where(told) == []


def test_the_command_line_for_one_customer_shows_nothing_of_another(
    addresses: dict[str, str], askers: dict[str, Asker], ours: House, hoard: Hoard, detector: Detector
) -> None:
    agoat, caught = Agoat(addresses), Catch()
    taken = f"{SHARED}-{hoard.word[-4:]}.example"
    asked = [
        ("customer", "show", ours.slug),
        *((noun, "list", "--customer", ours.slug) for noun in ("site", "domain", "key")),
        ("audit", "log", "--customer", ours.slug, "--limit", "200"),
        ("domain", "add", taken, "--customer", ours.slug, "--site", ours.slug),
        ("domain", "remove", taken, "--customer", ours.slug, "--site", ours.slug, "--yes"),
        ("key", "revoke", str(hoard.ids["key_id"]), "--customer", ours.slug),
        ("site", "create", SHARED, "--customer", ours.slug, "--name", "Ours"),
        ("person", "role", hoard.mail, "--customer", ours.slug, "--role", "none"),
    ]
    for words in asked:
        for more in ((), ("--json",)):
            done = agoat(*words, *more)
            caught.keep(" ".join((*words, *more)), done.stdout.encode(), done.stderr.encode())
            assert "Traceback" not in done.stderr
    assert detector.where(caught) == []
    assert [name for name, raw in caught.things if ours.slug.encode() in raw] != [], caught.things[:4]


async def test_a_mail_address_that_is_taken_is_refused_without_a_name(hoard: Hoard, detector: Detector) -> None:
    with pytest.raises(Taken) as refused:
        await hoard.house.services.people.create_person(hoard.mail, "Somebody else")
    assert not detector.finds(f"{refused.value.detail} {refused.value.free}".encode())


async def test_the_detector_finds_the_word_when_it_is_there(doors: Doors, askers: dict[str, Asker], ours: House, hoard: Hoard) -> None:
    planted = f"kanari{hoard.word[::-1]}"
    detector = Detector(planted)
    await ours.post("live", title=f"A word: {planted}", slug=f"plain-{planted[-6:]}")
    found = await pages_of(doors, ours)
    found.keep_answer("owner: posts", await doors.answer(await filled(row_of("console GET /c/{customer}/s/{site}/posts"), askers["owner"])))
    assert {"visitor: / -> 200", "visitor: /feed.json -> 200", "owner: posts -> 200"} <= set(detector.where(found))


async def test_the_hoards_own_people_find_the_word(doors: Doors, hoard: Hoard, detector: Detector) -> None:
    caught = await act_of(hoard, doors)
    assert len(detector.where(caught)) > 5
    assert Detector(*spellings(WHOLESALE)).where(caught) != []


@pytest.mark.parametrize("shift", range(4))
def test_the_detector_reads_through_every_disguise(shift: int) -> None:
    word, before = "kanari0123", "x" * shift
    text_of = f"{before}{word} and more"
    disguises = [
        text_of, text_of.upper(), text_of.title(), json.dumps(text_of), quote(text_of), "".join(f"%{ord(sign):02x}" for sign in text_of),
        "".join(f"&#{ord(sign)};" for sign in text_of), "".join(f"\\u{ord(sign):04x}" for sign in text_of),
        base64.b64encode(text_of.encode()).decode(), base64.urlsafe_b64encode(text_of.upper().encode()).decode(), text_of.encode().hex(),
    ]  # fmt: skip
    assert [disguise for disguise in disguises if not Detector(word).finds(disguise.encode())] == []
    assert not Detector(word).finds(b"kanari 0123, kanarienvogel")
