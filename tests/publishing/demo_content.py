"""The demonstration customers as snapshots, the way the database would hand them over."""

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from app.document.published import rendered, with_pictures
from app.publishing.snapshots import ImageSnapshot, PostSnapshot, ProductSnapshot, Reference, SiteSnapshot

CONTENT = Path(__file__).resolve().parents[2] / "app/demo/content"
CUSTOMERS = ("acme", "globex")


class Demo:
    """One demonstration customer: its site, posts, pages and products."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.data = self._load("site")
        self.media = self._load("media")["media"]
        self.site = self._site()
        self.posts = [self._post(x) for x in self._load("posts")["posts"]]
        self.posts.sort(key=lambda post: post.published_at, reverse=True)
        self.page_data = self._load("pages")["pages"]
        self.pages = {x["slug"]: self._post({"kind": "page", "published_at": x["updated_at"], **x}) for x in self.page_data}
        self.product_data = self._load("products")["products"]
        self.products = [self._product(x) for x in self.product_data]
        self.languages = tuple(self.data["site"]["locales"])

    def post(self, slug: str) -> PostSnapshot:
        return next(x for x in self.posts if x.slug == slug)

    def product(self, slug: str) -> ProductSnapshot:
        return next(x for x in self.products if x.text.slug == slug)

    def posts_in(self, lang: str) -> list[PostSnapshot]:
        return [x for x in self.posts if x.lang == lang]

    def products_in(self, lang: str) -> list[ProductSnapshot]:
        return [x for x in self.products if x.text.lang == lang]

    def _load(self, name: str) -> dict[str, Any]:
        return json.loads((CONTENT / self.key / f"{name}.json").read_text(encoding="utf-8"))

    def _site(self) -> SiteSnapshot:
        site = self.data["site"]
        notes, said = site.get("tax_notes", {}), site.get("translations", {})
        languages = [{"lang": x, "tax_note": notes.get(x), **said.get(x, {})} for x in site["locales"]]
        theme = site["theme"]
        raw = {
            **{k: v for k, v in site.items() if k not in ("theme", "logo", "languages")},
            "origin": f"http://{self.key}.localhost:8000",
            "languages": languages,
            "theme": {**theme, "name": "journal"},
            "logo": self._image(theme["logo"]),
            "icon_svg": f"/media/{theme['logo']}.svg",
            "icon_png": f"/media/{self.key}-icon-180.png",
            "menus": self.data["menus"],
            "header_menu": theme["header_menu"],
            "footer_menu": theme["footer_menu"],
            "docs_menu": theme["docs_menu"],
            "copyright_holder": self.data["customer"]["name"],
            "order_url": "/ordering/",
        }
        return msgspec.convert(raw, SiteSnapshot)

    def _image(self, name: str | None) -> dict[str, Any] | None:
        if not name:
            return None
        media = self.media[name]

        def file(r: dict[str, Any]) -> dict[str, Any]:
            return {"url": f"/media/{r['file']}", "width": r["width"], "height": r["height"]}

        og = file(media["og"]) if "og" in media else None
        return {**media, "name": name, "renditions": [file(r) for r in media["renditions"]], "og": og}

    def _author(self, slug: str | None) -> dict[str, Any] | None:
        raw = next((x for x in self.data["authors"] if x["slug"] == slug), None)
        if not raw:
            return None
        langs = {lang for key in ("names", "roles", "bios") for lang in raw.get(key, {})}
        texts = {lang: {key: raw.get(f"{key}s", {}).get(lang) for key in ("name", "role", "bio")} for lang in langs}
        return {**raw, "image": self._image(raw["image"]), "texts": texts}

    def _fields(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        translated = self.data.get("field_labels_i18n", {})
        labels = {code: {lang: x[code] for lang, x in translated.items() if code in x} for code in values}
        return [{"code": k, "label": self.data["field_labels"][k], "value": v, "labels": labels[k]} for k, v in values.items()]

    def _body(self, source: str, lang: str) -> dict[str, Any]:
        body = rendered(source, "html", lang)
        images = {name: msgspec.convert(self._image(name), ImageSnapshot) for name in body.assets}
        toc = [{"level": x.level, "id": x.id, "text": x.text} for x in body.toc]
        return {"html": with_pictures(body.html, images, lang), "toc": toc, "words": body.words, "minutes": body.minutes}

    def _post(self, raw: dict[str, Any]) -> PostSnapshot:
        tags = [next(t for t in self.data["tags"] if t["slug"] == slug) for slug in raw.get("tags", [])]
        content = {
            "kind": "post",
            **raw,
            **self._body(raw["body"], raw["lang"]),
            "id": str(uuid5(NAMESPACE_URL, f"{self.key}/{raw['lang']}/{raw['slug']}")),
            "cover": self._image(raw["cover"]),
            "author": self._author(raw.get("author")),
            "tags": tags,
            "fields": self._fields(raw.get("fields", {})),
        }
        return msgspec.convert(content, PostSnapshot)

    def _category(self, slug: str) -> dict[str, Any]:
        trail: list[dict[str, Any]] = []
        level = self.data["categories"]
        for depth in range(1, len(slug.split("/")) + 1):
            path = "/".join(slug.split("/")[:depth])
            found = next(c for c in level if c["slug"] == path)
            trail.append({"slug": path, "label": found["label"], "labels": found.get("labels", {})})
            level = found["children"]
        return {**trail[-1], "parents": trail[:-1]}

    def _product(self, raw: dict[str, Any]) -> ProductSnapshot:
        text = {
            **raw,
            **self._body(raw["body"], raw["lang"]),
            "id": str(uuid5(NAMESPACE_URL, f"{self.key}/products/{raw['slug']}")),
            "category": self._category(raw["category"]),
            "images": [self._image(name) for name in raw["images"]],
            "tags": [{"slug": x, "label": x} for x in raw["tags"]],
            "fields": self._fields(raw["fields"]),
            "related_posts": [str(self.post(slug).id) for slug in raw["related_posts"]],
        }
        variants = [{**v, "images": [self._image(name) for name in v.get("images", [])]} for v in raw["variants"]]
        return msgspec.convert({"text": text, "offer": {"variants": variants}}, ProductSnapshot)


def reference(post: PostSnapshot | None) -> Reference | None:
    """As much of a post as a link to it needs."""
    return Reference(lang=post.lang, slug=post.slug, title=post.title, summary=post.summary) if post else None


def neighbours(posts: list[PostSnapshot], post: PostSnapshot) -> dict[str, Reference | None]:
    """The older and the newer post of the same language."""
    same = [x for x in posts if x.lang == post.lang]
    at = same.index(post)
    return {
        "previous": reference(same[at + 1]) if at + 1 < len(same) else None,
        "following": reference(same[at - 1]) if at else None,
    }
