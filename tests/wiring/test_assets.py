"""Files of the pages: compressed once, kept for ever only under a name with a digest."""

import gzip

import pytest
from starlette.datastructures import Headers

from wiring.gateway.assets import FOR_EVER, Assets, takes_gzip

GZIP = Headers({"accept-encoding": "br, gzip"})
SCRIPT = b"let a = 1;\n" * 500


@pytest.fixture
def assets(tmp_path):
    for kind in ("js", "media"):
        (tmp_path / kind).mkdir()
    (tmp_path / "js" / "index.DormvYxC.js").write_bytes(SCRIPT)
    (tmp_path / "js" / "plain.js").write_bytes(SCRIPT)
    (tmp_path / "media" / "Sans.ttf.BsWL4Kly.woff2").write_bytes(b"wOF2")
    (tmp_path / "secret.txt").write_text("x")
    return Assets(tmp_path)


def test_a_script_is_compressed_where_the_browser_takes_it(assets):
    answer = assets.response("/static/js/index.DormvYxC.js", GZIP)
    assert gzip.decompress(answer.body) == SCRIPT
    assert len(answer.body) < len(SCRIPT) // 10
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"


def test_and_is_sent_as_it_is_where_not(assets):
    answer = assets.response("/static/js/index.DormvYxC.js", Headers({}))
    assert answer.body == SCRIPT
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_it_is_compressed_once(assets):
    first, second = (assets.response("/static/js/index.DormvYxC.js", GZIP).body for _ in range(2))
    assert first is second


def test_fonts_are_compressed_already(assets):
    answer = assets.response("/static/media/Sans.ttf.BsWL4Kly.woff2", GZIP)
    assert answer.body == b"wOF2"
    assert "content-encoding" not in answer.headers


def test_what_has_a_digest_in_its_name_is_kept_for_ever_and_nothing_else(assets):
    assert FOR_EVER == "public, max-age=31536000, immutable"
    assert assets.response("/static/js/index.DormvYxC.js", GZIP).headers["cache-control"] == FOR_EVER
    assert assets.response("/static/js/plain.js", GZIP).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/none.js",
        "/static/secret.txt",
        "/static/js/../secret.txt",
        "/static/js/..",
        "/static/js/.x",
    ],
)
def test_nothing_else_is_there(assets, path):
    assert assets.response(path, GZIP) is None


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
    ],
)
def test_a_browser_says_whether_it_takes_gzip(accepted, takes):
    assert takes_gzip(Headers({"accept-encoding": accepted})) is takes
