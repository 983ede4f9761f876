"""Whatever the files hold: one clear sentence and exit code 2, nothing left behind, never a traceback."""

import json
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.wiring.conftest import HEAD

ROWS = "".join(f"a{n % 3},Artist {n},Song {n},{n + 1}\n" for n in range(30))
REFUSED = {
    "an empty file": "",
    "a header alone": HEAD,
    "all plays zero": HEAD + "a,Low,Words,0\nb,Can,Vitamin C,0\n",
    "NaN and negative plays": HEAD + "a,Low,Words,nan\nb,Can,Vitamin C,-3\n",
    "no listener_id": "artist_name\nLow\n",
    "texts of ten million characters": HEAD + f"a,{'x' * 10_000_000},Words,1\n",
    "bytes": "\x00\x01\x02\x03",
    "most rows malformed": HEAD + ROWS + "a,Low,Words,many\n" * 31,
}


def one_sentence(told):
    return told.count("earshot: ") == 1 and "Traceback" not in told


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_nothing_can_be_learned_from_is_refused(earshot, files, tmp_path, name):
    (tmp_path / "bad.csv").write_text(REFUSED[name])
    out = tmp_path / "model"
    code, _, told = earshot(
        "train", "--listening", tmp_path / "bad.csv", "--out", out, "--config", files / "config.json"
    )
    assert code == 2
    assert one_sentence(told)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


def test_one_listener_alone_trains_a_model_that_embeds(earshot, files, tmp_path):
    (tmp_path / "one.csv").write_text(HEAD + "".join(f"only,Artist {n},Song {n},1\n" for n in range(8)))
    arguments = ("--listening", tmp_path / "one.csv", "--out", tmp_path / "model")
    assert earshot("train", *arguments, "--config", files / "config.json")[0] == 0
    out = tmp_path / "v.parquet"
    assert (
        earshot("embed", "--model", tmp_path / "model", "--listening", tmp_path / "one.csv", "--out", out)[0]
        == 0
    )
    assert np.isfinite(pq.read_table(out)["vector"].to_pylist()).all()


def test_broken_rows_are_counted_and_the_rest_is_matched(earshot, files, tmp_path):
    lines = [
        f"a{n % 50},Artist {n % 90},Song {n % 300},{'oops' if n % 100 == 0 else 1}\n" for n in range(20_000)
    ]
    (tmp_path / "big.csv").write_text(HEAD + "".join(lines))
    out = tmp_path / "ranked.parquet"
    code, _, told = earshot(
        "match",
        *("--model", files / "model", "--queries", tmp_path / "big.csv"),
        *("--candidates", files / "candidates.csv", "--out", out),
    )
    assert code == 0
    assert "200 of 20000 rows left out" in told
    assert "line 2" in told
    assert len(set(pq.read_table(out)["query_id"].to_pylist())) == 50


def test_rows_of_one_listener_may_stand_anywhere(earshot, files, tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + ROWS)
    (tmp_path / "b.csv").write_text(HEAD + "".join(sorted(ROWS.splitlines(keepends=True))))
    found = []
    for name in ("a", "b"):
        out = tmp_path / f"{name}.parquet"
        earshot(
            "match",
            *("--model", files / "model", "--queries", tmp_path / f"{name}.csv"),
            *("--candidates", files / "candidates.csv", "--out", out),
        )
        rows = pq.read_table(out).to_pylist()
        found.append({(row["query_id"], row["rank"]): (row["candidate_id"], row["score"]) for row in rows})
    assert found[0] == found[1]


@pytest.mark.parametrize("change", ["a byte flipped", "another format", "a file missing"])
def test_a_model_that_does_not_verify_is_refused(earshot, files, tmp_path, change):
    model = tmp_path / "model"
    shutil.copytree(files / "model", model)
    if change == "a byte flipped":
        content = bytearray((model / "weights.npz").read_bytes())
        content[len(content) // 2] ^= 1
        (model / "weights.npz").write_bytes(content)
    elif change == "another format":
        manifest = json.loads((model / "manifest.json").read_text())
        (model / "manifest.json").write_text(json.dumps({**manifest, "format": 999}))
    else:
        (model / "ranker.json").unlink()
    out = tmp_path / "v.parquet"
    code, _, told = earshot("embed", "--model", model, "--listening", files / "queries.csv", "--out", out)
    assert code == 2
    assert one_sentence(told)
    assert not out.exists()
