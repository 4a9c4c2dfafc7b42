"""What a page's first load weighs on the wire, as Chromium counts it, its workers included."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Request

TILES = ("/v1/tiles/", "/v1/guarded-tiles/")


@dataclass(slots=True)
class Weight:
    """Requests of a page that finished; `measure` asks Chromium for their sizes."""

    page: Page
    finished: list[Request] = field(default_factory=list)

    def measure(self) -> list[tuple[str, int]]:
        """Return address and bytes of every request: head and body as they came, compressed."""
        # Chromium does not tell the page of the scripts that its workers begin with.
        found = [(worker.url, self._sent(worker.url)) for worker in self.page.workers]
        for request in self.finished:
            sizes = request.sizes()
            found.append(
                (request.url, sizes["responseHeadersSize"] + max(0, sizes["responseBodySize"]))
            )
        return found

    def _sent(self, url: str) -> int:
        headers = self.page.context.request.get(url).headers
        return int(headers["content-length"])


def weigh(page: Page) -> Weight:
    """Return a weight that fills while the page loads; the browser context should be a new one."""
    weight = Weight(page)

    def note(request: Request) -> None:
        weight.finished.append(request)

    page.on("requestfinished", note)
    return weight


def is_tile(url: str) -> bool:
    """Return whether a request is for a tile of the map."""
    return any(part in url for part in TILES)
