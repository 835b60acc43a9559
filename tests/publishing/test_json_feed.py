"""The JSON Feed of a site."""

import json
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from app.publishing.json_feed import MEDIA_TYPE, MOST_BYTES, json_feed
from tests.publishing import samples
from tests.publishing.demo_pages import NOW, chrome, demo
from tests.publishing.markup import parse
from tests.publishing.page_rules import attributes_of


def feed(key: str, lang: str, next_url: str | None = None) -> dict[str, Any]:
    return json.loads(json_feed(chrome(key).edition(lang, NOW), demo(key).posts_in(lang), next_url))


def test_a_feed_says_what_it_is() -> None:
    document = feed("acme", "en-GB", "/feed.json?before=x")
    assert MEDIA_TYPE == "application/feed+json; charset=utf-8"
    assert {k: v for k, v in document.items() if k != "items"} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Acme Roasters",
        "home_page_url": "http://acme.localhost:8000/",
        "feed_url": "http://acme.localhost:8000/feed.json",
        "language": "en-GB",
        "description": demo("acme").site.description,
        "icon": "http://acme.localhost:8000/media/acme-icon-180.png",
        "next_url": "http://acme.localhost:8000/feed.json?before=x",
    }


def test_an_item_is_the_whole_post() -> None:
    item = next(x for x in feed("acme", "en-GB")["items"] if "first-crack" in x["url"])
    post = demo("acme").post("first-crack-is-a-sound")
    assert item["id"] == f"urn:uuid:{post.id}"
    assert item["url"] == "http://acme.localhost:8000/posts/first-crack-is-a-sound/"
    assert (item["date_published"], item["date_modified"]) == ("2026-10-20T07:30:00+01:00", "2026-10-22T10:05:00+01:00")
    assert item["authors"] == [{"name": "Ines Calder", "avatar": "http://acme.localhost:8000/media/acme-portrait-ines-160.webp"}]
    assert item["tags"] == ["Roasting"]
    assert item["summary"] == post.summary
    assert parse(item["content_html"]).text == parse(post.html).text


def test_every_address_in_a_feed_is_absolute() -> None:
    for item in feed("acme", "en-GB")["items"] + feed("globex", "de")["items"]:
        tree = parse(item["content_html"])
        sources = [part.split()[0] for x in attributes_of(tree, "srcset") for part in x.split(", ")]
        for url in attributes_of(tree, "href") + attributes_of(tree, "src") + sources + [item["url"]]:
            assert url.startswith(("http://", "https://", "mailto:", "tel:")), url


def test_an_identity_outlives_slug_title_and_domain() -> None:
    edition, elsewhere = samples.edition(), samples.edition(origin="https://new.example")
    before = json.loads(json_feed(edition, [samples.post()]))["items"][0]
    after = json.loads(json_feed(elsewhere, [samples.post(slug="other", title="Other")]))["items"][0]
    assert before["id"] == after["id"]
    assert before["url"] != after["url"]


def test_each_language_has_a_feed_of_its_own() -> None:
    document = feed("globex", "de")
    assert document["feed_url"] == "http://globex.localhost:8000/de/feed.json"
    assert document["description"].startswith("Zelte")
    assert [x["language"] for x in document["items"]] == ["de"]


def test_the_least_post_has_no_empty_fields() -> None:
    document = json.loads(json_feed(samples.edition(), [samples.post()]))
    assert document["items"][0].keys() == {"id", "url", "title", "content_html", "date_published", "date_modified", "language"}
    assert "next_url" not in document


def test_older_posts_give_way_in_a_large_feed() -> None:
    posts = [replace(samples.post(), id=UUID(int=n), html="<p>" + "word " * 20_000 + "</p>") for n in range(5)]
    raw = json_feed(samples.edition(), posts, "/feed.json?before=x")
    document = json.loads(raw)
    assert [x["id"][-1] for x in document["items"]] == ["0", "1"]
    assert len(raw) < MOST_BYTES + 1000
    assert "next_url" not in document
    assert len(json.loads(json_feed(samples.edition(), [replace(posts[0], html="x" * 300_000)]))["items"]) == 1
