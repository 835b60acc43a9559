"""A client of the API for tests: one key, and each request in one line."""

import copy
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx

V1 = "/api/v1"


class Client:
    """Sends requests with a key; an address that begins with a slash stands below /api/v1."""

    def __init__(self, transport: httpx.ASGITransport, origin: str, secret: str | None = None, key_id: UUID | None = None) -> None:
        self.http = httpx.AsyncClient(transport=transport, base_url=origin)
        self.secret = secret
        self.key_id = key_id

    def without_key(self) -> "Client":
        bare = copy.copy(self)
        bare.secret = None
        return bare

    async def send(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret is not None:
            said = {"authorization": f"Bearer {self.secret}", **said}
        address = path if path.startswith("/api") else V1 + path
        if json is None:
            return await self.http.request(method, address, headers=said)
        if isinstance(json, bytes):
            return await self.http.request(method, address, content=json, headers={"content-type": "application/json", **said})
        return await self.http.request(method, address, json=json, headers=said)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.send("GET", path, **headers)

    async def post(self, path: str, json: Any = None, **headers: str) -> httpx.Response:
        return await self.send("POST", path, json, **headers)

    async def put(self, path: str, json: Any, **headers: str) -> httpx.Response:
        return await self.send("PUT", path, json, **headers)

    async def patch(self, path: str, json: Any, **headers: str) -> httpx.Response:
        return await self.send("PATCH", path, json, **headers)

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        return await self.send("DELETE", path, **headers)

    async def walk(self, path: str) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page by page along the Link header."""
        address: str | None = path
        while address is not None:
            page = await self.get(address)
            assert page.status_code == 200, page.text
            for item in page.json()["items"]:
                yield item
            address = page.links["next"]["url"] if "next" in page.links else None

    async def find(self, path: str, name: str, value: Any) -> dict[str, Any]:
        """The one item of a list whose field has this value."""
        found = [item async for item in self.walk(path) if item[name] == value]
        assert len(found) == 1, f"{len(found)} items of {path} have {name} {value}"
        return found[0]


def product(unique: str, **said: Any) -> dict[str, Any]:
    """A product that can be published, with one variant."""
    variant = {"sku": f"{unique}-1", "retail": {"amount": 1450, "currency": "GBP"}}
    return {"title": f"Beans {unique}", "lang": "en", "variants": [variant], **said}
