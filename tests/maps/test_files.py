"""Files over the wire: numbered by content, compressed for who can read it, kept for ever."""

import gzip
import os
from pathlib import Path

import brotli
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import maps.files
from api.doors.maps.pages import mount_files
from maps.assets import STATIC_FOLDER, vendor_files
from maps.files import TREE, CompressedFiles, StaticTree, accepted_encoding, without_notes
from maps.pages import imports

CSS = (STATIC_FOLDER / "css/base.css").read_bytes()


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    mount_files(app)
    return TestClient(app)


def test_the_number_follows_every_change_and_nothing_else(tmp_path: Path):
    tree = StaticTree(tmp_path, without=tmp_path / "vendor")
    file = tmp_path / "js" / "a.js"
    file.parent.mkdir()
    file.write_text("1")
    first = tree.number()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "library.js").write_text("1")
    os.utime(file, (1, 1))
    assert tree.number() == first
    file.write_text("2")
    second = tree.number()
    assert second != first
    file.rename(file.with_name("b.js"))
    assert tree.number() not in {first, second}


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("", None),
        ("identity", None), ("br;q=0, gzip;q=0.5", "gzip"), ("BR", "br"), ("gzip; q=0.0", None),
    ],
)  # fmt: skip
def test_the_best_encoding_that_is_allowed(header: str, chosen: str | None):
    assert accepted_encoding(header) == chosen


def test_text_goes_compressed_and_is_the_same_text(client: TestClient):
    address = f"/static/{TREE.number()}/css/base.css"
    sizes = {}
    for encoding, read in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        with client.stream("GET", address, headers={"Accept-Encoding": encoding}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == encoding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"].startswith("text/css")
        assert read(raw) == CSS
        sizes[encoding] = len(raw)
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == CSS
    assert sizes["br"] < sizes["gzip"] < len(CSS) / 2


def test_who_has_the_file_gets_none(client: TestClient):
    address = "/static/css/base.css"
    for encoding in ("br", "gzip", "identity"):
        headers = {"Accept-Encoding": encoding}
        first = client.get(address, headers=headers)
        again = client.get(address, headers=headers | {"If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert again.content == b""


def test_only_what_cannot_change_is_kept_for_ever(client: TestClient):
    number = TREE.number()
    lasting = "public, max-age=31536000, immutable"
    for address, rule in (
        (f"/static/{number}/js/home/main.js", lasting),
        ("/static/000000000000/js/home/main.js", "no-cache"),
        ("/static/js/home/main.js", "no-cache"),
        (imports()["preact"], lasting),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, rule), address


def test_a_number_leads_out_of_no_folder(client: TestClient):
    for path in ("../app.py", "%2e%2e/%2e%2e/pages.py", "js", "js/none.js"):
        assert client.get(f"/static/{TREE.number()}/{path}").status_code == 404


def test_notes_are_left_out_of_our_scripts_and_lines_keep_their_numbers():
    script = (
        b"/** What it is.\n * @param {string} a */\n"
        b"const a = '/** kept */'; /** kept, too */\n  /** x */\n"
    )
    assert without_notes(script) == b"\n\nconst a = '/** kept */'; /** kept, too */\n\n"


def test_a_library_goes_as_it_was_compressed_at_set_up(monkeypatch: pytest.MonkeyPatch):
    (library,) = (one for one in vendor_files() if one.path.name == "maplibre-gl.mjs")

    def never(*_: object) -> None:
        pytest.fail("compressed by the server")

    monkeypatch.setattr(maps.files, "compress", never)
    content = CompressedFiles().content(library.path, "br")
    assert content is not None
    assert brotli.decompress(content) == library.path.read_bytes()
