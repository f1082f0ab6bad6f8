"""An operator's phone in a browser: its queue, its store, and a line that loses what a test wants lost."""

import time
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

SEND, ME = "**/luring/kirim/", "**/luring/saya.json"
ON = date(2026, 9, 25)
PUT = "([item, person]) => up2k.queue.put(item, person).then(({uuid}) => uuid)"
# Everything that the phone holds, as text: stores, caches, and what pages leave beside them.
HELD = """async () => {
  const db = await up2k.store(), held = {};
  for (const name of db.objectStoreNames) held[name] = [await db.getAllKeys(name), await db.getAll(name)];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const one of await cache.keys()) held[`${name} ${one.url}`] = await (await cache.match(one)).text();
  }
  return {...held, local: {...localStorage}, session: {...sessionStorage}};
}"""


def deposit(member, mandatory: int = 10_000, **fields) -> dict:
    """A line of the sheet: a member's compulsory saving."""
    told = {"uuid": str(uuid4()), "format": 2, "kind": "row", "group": member.group_id, "on": ON.isoformat()}
    return told | {"member": member.pk, "loan": None, "amount": 0, "savings": {"mandatory": mandatory}} | fields


def payment(loan, amount: int, **fields) -> dict:
    """A single payment, which the portal divides."""
    told = {"uuid": str(uuid4()), "format": 2, "kind": "total", "group": loan.group_id, "on": ON.isoformat()}
    return told | {"member": loan.member_id, "loan": loan.pk, "amount": amount} | fields


def until(page, what: str) -> None:
    """Waits until an expression of the page is true; the browser's own waiting wants eval, which the CSP forbids."""
    end = time.monotonic() + 20
    while not page.evaluate(what):
        assert time.monotonic() < end, f"Never came: {what}"
        page.wait_for_timeout(40)


def ready(page) -> None:
    """Waits until the page has done what every page does at its beginning."""
    until(page, "window.up2k?.started && up2k.started.then(() => true)")


def open_queue(page):
    page.goto("/antrean/")
    ready(page)
    return page


def put(page, *items: dict, person: str = "Norhasanah") -> list[str]:
    return [page.evaluate(PUT, [item, person]) for item in items]


def send_now(page) -> dict:
    return page.evaluate("up2k.queue.sendNow()")


def sent(page) -> dict:
    """Sends until this window itself has done so: a sending that runs already is waited for."""
    return page.evaluate("up2k.queue.sendNow().then(() => up2k.queue.sendNow())")


def states(page, user=None) -> list[str]:
    return page.evaluate("user => up2k.queue.all(user).then((rows) => rows.map(({state}) => state))", user and user.pk)


def held(page) -> dict:
    return page.evaluate(HELD)


def banner(page) -> str:
    return " ".join(page.locator("[data-queue]").inner_text().split())


@dataclass
class Line:
    """The network between a phone and the portal: `fate` says of each request "pass", "lost" or "answer lost"."""

    page: object
    fate: object
    reached: int = 0
    seen: list[str] = field(default_factory=list)

    def __post_init__(self):
        for pattern in (SEND, ME):
            self.page.context.route(pattern, self.carry)

    def carry(self, route) -> None:
        fate = self.fate(route.request)
        self.seen.append(fate)
        if fate == "lost":
            return route.abort()
        if fate == "pass":
            return route.continue_()
        route.fetch()  # the portal has it, and has committed it
        self.reached += 1
        return route.abort()


def is_sending(request) -> bool:
    return request.url.endswith("/kirim/")
