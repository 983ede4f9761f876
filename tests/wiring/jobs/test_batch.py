"""`earshot embed`, `match` and `evaluate` on small files, with a model trained for these tests."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.wiring.conftest import CONFIG, HEAD, table
from towers.evaluation import evaluate as evaluation


@pytest.fixture
def embedded(earshot, files, tmp_path):
    def run(tower, listening="queries.csv"):
        out = tmp_path / f"{tower}.parquet"
        arguments = ["--model", files / "model", "--listening", files / listening, "--out", out]
        assert earshot("embed", *arguments, "--tower", tower)[0] == 0
        return pq.read_table(out)

    return run


@pytest.fixture
def matched(earshot, files, tmp_path):
    def run(top=3, queries="queries.csv", candidates="candidates.csv"):
        out = tmp_path / "new folder" / "ranked.parquet"
        arguments = ["--queries", files / queries, "--candidates", files / candidates, "--top", top]
        assert earshot("match", "--model", files / "model", *arguments, "--out", out)[0] == 0
        return pq.read_table(out)

    return run


@pytest.mark.parametrize("tower", ["user", "candidate"])
def test_vectors_have_the_columns_and_types_of_the_contract(embedded, tower):
    found = embedded(tower)
    assert {field.name: str(field.type) for field in found.schema} == {
        "listener_id": "string",
        "vector": "list<element: float>",
    }


@pytest.mark.parametrize("tower", ["user", "candidate"])
def test_vectors_are_of_unit_length_and_in_the_order_of_the_table(embedded, tower):
    found = embedded(tower)
    assert found["listener_id"].to_pylist() == ["zoe", "adam", "both1", "both2"]
    vectors = np.array(found["vector"].to_pylist())
    assert vectors.shape == (4, CONFIG.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_the_two_towers_give_different_vectors(embedded):
    user, candidate = (np.array(embedded(tower)["vector"].to_pylist()) for tower in ("user", "candidate"))
    assert not np.allclose(user, candidate)


def test_the_ranked_table_has_the_columns_and_types_of_the_contract(matched):
    assert {field.name: str(field.type) for field in matched().schema} == {
        "query_id": "string",
        "candidate_id": "string",
        "rank": "int32",
        "score": "double",
        "percent": "double",
    }


def by_query(ranked):
    found = {}
    for row in ranked.to_pylist():
        found.setdefault(row["query_id"], []).append(row)
    return found


def test_every_query_gets_as_many_matches_as_asked_for(matched):
    found = by_query(matched(top=3))
    assert list(found) == ["zoe", "adam", "both1", "both2"]
    assert all([row["rank"] for row in rows] == [1, 2, 3] for rows in found.values())


def test_scores_and_percentages_fall_with_the_rank(matched):
    for rows in by_query(matched(top=10)).values():
        for name, low, high in (("score", -1.0, 1.0), ("percent", 0.0, 100.0)):
            values = [row[name] for row in rows]
            assert values == sorted(values, reverse=True)
            assert all(low <= value <= high for value in values)


def test_a_listener_is_never_matched_with_itself(matched):
    found = by_query(matched(top=100))
    assert all(row["candidate_id"] != key for key, rows in found.items() for row in rows)
    assert {key: len(rows) for key, rows in found.items()} == {"zoe": 10, "adam": 10, "both1": 9, "both2": 9}


def test_nobody_is_matched_with_the_same_one_twice(matched):
    for rows in by_query(matched(top=100)).values():
        assert len({row["candidate_id"] for row in rows}) == len(rows)


def test_matched_the_other_way_round_a_pair_has_the_same_score(matched):
    there = {(r["query_id"], r["candidate_id"]): r["score"] for r in matched(top=100).to_pylist()}
    turned = matched(top=100, queries="candidates.csv", candidates="queries.csv")
    back = {(r["candidate_id"], r["query_id"]): r["score"] for r in turned.to_pylist()}
    pairs = [pair for pair in there if pair in back and not {"both1", "both2"} & set(pair)]
    assert len(pairs) == 16
    assert all(there[pair] == pytest.approx(back[pair], abs=1e-6) for pair in pairs)


def test_matching_twice_gives_the_same_bytes(matched, tmp_path):
    path = tmp_path / "new folder" / "ranked.parquet"
    matched()
    first = path.read_bytes()
    matched()
    assert path.read_bytes() == first


def test_a_table_of_oneself_alone_gives_an_empty_table_with_its_columns(matched, files):
    table(files / "alone.csv", ["zoe"], 1)
    found = matched(queries="alone.csv", candidates="alone.csv")
    assert found.num_rows == 0
    assert found.column_names == ["query_id", "candidate_id", "rank", "score", "percent"]


def test_a_bad_row_is_named_and_the_others_are_matched(earshot, files, tmp_path):
    path = table(tmp_path / "queries.csv", ["zoe"], 1)
    path.write_text(path.read_text() + "zoe,Low,,many\n")
    out = tmp_path / "x.parquet"
    arguments = ["--queries", path, "--candidates", files / "candidates.csv", "--out", out]
    code, _, told = earshot("match", "--model", files / "model", *arguments)
    assert (code, pq.read_table(out).num_rows) == (0, 10)
    assert "1 of 15 rows left out (line 16: plays is not a number)" in told


def truth_of(ids, path):
    """A table of true tastes: everybody hears one of two scenes by turns."""
    sides = [n % 2 for n in range(len(ids))]
    columns = {"scene:0": [1.0 - side for side in sides], "scene:1": [float(side) for side in sides]}
    pq.write_table(pa.table({"listener_id": ids, **columns, "sound:tempo": [0.0] * len(ids)}), path)
    return path


def refusals(files, folder):
    """Command lines that cannot work, by what is wrong with them."""
    bad = folder / "bad.csv"
    bad.write_text("name\nlow\n")
    scored = folder / "scored.csv"
    scored.write_text("listener_id,friend_id,score\na,b,-1\n")
    truth = truth_of(["somebody else"], folder / "truth.parquet")
    good, model, out = files / "queries.csv", files / "model", folder / "x.parquet"
    nowhere = folder / "nowhere"
    return {
        "embed, a bad file": (2, ["embed", "--model", model, "--listening", bad, "--out", out]),
        "embed, no model": (2, ["embed", "--model", nowhere, "--listening", good, "--out", out]),
        "match, bad queries": (
            2,
            ["match", "--model", model, "--queries", bad, "--candidates", good, "--out", out],
        ),
        "match, bad candidates": (
            2,
            ["match", "--model", model, "--queries", good, "--candidates", bad, "--out", out],
        ),
        "match, no model": (
            2,
            ["match", "--model", nowhere, "--queries", good, "--candidates", good, "--out", out],
        ),
        "match, nowhere to write": (
            2,
            ["match", "--model", model, "--queries", good, "--candidates", good, "--out", folder],
        ),
        "evaluate, a bad file": (2, ["evaluate", "--listening", bad]),
        "evaluate, bad pairs": (2, ["evaluate", "--listening", good, "--pairs", bad]),
        "evaluate, a bad score": (2, ["evaluate", "--listening", good, "--pairs", scored]),
        "evaluate, no such label": (2, ["evaluate", "--listening", good, "--label", "genre"]),
        "evaluate, a bad truth": (2, ["evaluate", "--listening", good, "--truth", bad]),
        "evaluate, another world's truth": (2, ["evaluate", "--listening", good, "--truth", truth]),
        "evaluate, a bad config": (2, ["evaluate", "--listening", good, "--config", bad]),
    }


@pytest.mark.parametrize(
    "name",
    [
        "embed, a bad file",
        "embed, no model",
        "match, bad queries",
        "match, bad candidates",
        "match, no model",
        "match, nowhere to write",
        "evaluate, a bad file",
        "evaluate, bad pairs",
        "evaluate, a bad score",
        "evaluate, no such label",
        "evaluate, a bad truth",
        "evaluate, another world's truth",
        "evaluate, a bad config",
    ],
)
def test_what_cannot_be_done_ends_in_one_sentence(earshot, files, tmp_path, name):
    code, arguments = refusals(files, tmp_path)[name]
    found, out, told = earshot(*arguments)
    assert (found, out) == (code, "")
    assert told.startswith("earshot: ")
    assert "Traceback" not in told
    assert not (tmp_path / "x.parquet").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["match"],
        ["embed", "--listening", "nowhere.csv", "--model", "m", "--out", "x"],
        ["evaluate", "--listening", "nowhere.csv"],
        ["evaluate", "--seeds", "0", "--listening", __file__],
        ["embed", "--tower", "third", "--listening", __file__, "--model", "m", "--out", "x"],
    ],
)
def test_asked_wrongly_it_exits_with_2(earshot, arguments):
    assert earshot(*arguments)[0] == 2


@pytest.mark.parametrize("n", ["0", "-1", "many"])
def test_a_number_of_matches_that_makes_no_sense_is_refused(earshot, files, n):
    good = files / "queries.csv"
    arguments = ["--queries", good, "--candidates", good, "--out", "x", "--top", n]
    assert earshot("match", "--model", files / "model", *arguments)[0] == 2


ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from wiring.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code or 0
heavy = {"tensorflow", "tf_keras", "keras", "tensorflow_recommenders", "sklearn", "scipy"} & set(sys.modules)
print("heavy:", sorted(heavy))
sys.exit(code)
"""


@pytest.mark.parametrize("command", ["embed", "match"])
def test_tensorflow_is_not_imported(files, tmp_path, command):
    tables = {
        "embed": ["--listening", files / "queries.csv"],
        "match": ["--queries", files / "queries.csv", "--candidates", files / "candidates.csv"],
    }[command]
    arguments = [command, "--model", files / "model", *tables, "--out", tmp_path / "x.parquet"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "heavy: []"), done.stderr


@pytest.fixture(scope="module")
def evaluated(files):
    """What `earshot evaluate` printed, in a process of its own, and the folder it wrote to."""
    out = files / "figures" / "tiny.json"
    (files / "pairs.csv").write_text(
        "listener_id,friend_id\n" + "".join(f"t{n},t{n + 2}\n" for n in range(58))
    )
    arguments = ["--listening", files / "training.csv", "--pairs", files / "pairs.csv", "--out", out]
    arguments += ["--truth", truth_of([f"t{n}" for n in range(60)], files / "truth.parquet")]
    arguments += ["--seeds", 1, "--config", files / "config.json"]
    done = subprocess.run(
        [sys.executable, "-m", "wiring.cli", "evaluate", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, out


def test_an_evaluation_writes_figures_a_table_and_a_picture(evaluated):
    printed, out = evaluated
    found = json.loads(out.read_text())
    assert (found["n_listeners"], found["seeds"]) == (60, [0])
    protocols = {"P1", "P3", "P4", "P5", "P7", "P8", "exposure", "promises", "truth"}
    assert protocols == set(found["protocols"])
    assert "--truth " in found["command"]
    assert out.with_suffix(".md").read_text() == printed
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_an_evaluation_prints_its_table(evaluated, files):
    printed, _ = evaluated
    assert printed.startswith("# Evaluation on ")
    assert "training.csv" in printed
    assert "| pipeline |" in printed


def test_an_evaluation_tells_no_path_of_the_machine_it_ran_on(evaluated, files):
    printed, out = evaluated
    assert str(files) not in printed + out.read_text()


NOTHING = {"n_listeners": 0, "seeds": [], "protocols": {}}


@pytest.fixture
def examined(earshot, files, tmp_path, monkeypatch):
    """What `earshot evaluate` would examine, given the lines of a table of pairs."""
    exams = []

    def note(exam, report):
        exams.append(exam)
        return NOTHING

    def run(*pairs):
        path = tmp_path / "pairs.csv"
        path.write_text("\n".join(["listener_id,friend_id,score", *pairs, ""]))
        arguments = ["--listening", files / "queries.csv", "--pairs", path, "--label", "artist_name"]
        assert earshot("evaluate", *arguments, "--seeds", 3)[0] == 0
        return exams[-1]

    monkeypatch.setattr(evaluation, "evaluate", note)
    return run


def test_friends_seeds_and_the_first_label_of_each_listener_are_examined(examined, files):
    exam = examined("zoe,adam,", "adam,both1,5")
    first = {}
    for line in (files / "queries.csv").read_text().splitlines()[1:]:
        first.setdefault(line.split(",")[0], line.split(",")[1])
    assert list(exam.friends) == [("zoe", "adam"), ("adam", "both1")]
    assert dict(exam.labels) == first
    assert tuple(exam.seeds) == (0, 1, 2)


def test_tags_of_one_tagger_are_not_examined(earshot, files, tmp_path, monkeypatch):
    exams = []
    monkeypatch.setattr(evaluation, "evaluate", lambda exam, report: exams.append(exam) or NOTHING)
    (tmp_path / "tags.csv").write_text("artist_name,tag,n\nArtist 0 1,folk,2\nArtist 0 1,mine,1\n")
    arguments = ["--listening", files / "queries.csv", "--tags", tmp_path / "tags.csv"]
    code, printed, _ = earshot("evaluate", *arguments)
    assert code == 0
    assert {tag for profile in exams[0].profiles for tag in profile.tags} == {"folk"}
    assert set(exams[0].metadata.artist_tags["artist 0 1"]) == {"folk"}
    assert "Tags of one tagger" in printed


def test_who_was_ignored_is_no_friend(examined):
    assert list(examined("zoe,adam,0", "adam,both1,1").friends) == [("adam", "both1")]


def test_figures_that_cannot_be_written_are_told_in_a_sentence(earshot, files, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation, "evaluate", lambda exam, report: NOTHING)
    code, _, told = earshot("evaluate", "--listening", files / "queries.csv", "--out", tmp_path)
    assert code == 2
    assert told.startswith("earshot: ")


def test_plays_beyond_all_measure_do_not_stop_the_matching(earshot, files, tmp_path):
    path = tmp_path / "loud.csv"
    loud = "loud,Artist 0 1,Song 1,1e308\nloud,Artist 0 2,Song 2,1e308\n"
    path.write_text(HEAD + loud + "".join(f"quiet,Artist 0 {n},Song {n},1\n" for n in (1, 2, 3)))
    arguments = ["--queries", path, "--candidates", files / "candidates.csv", "--out", tmp_path / "x.parquet"]
    code, _, told = earshot("match", "--model", files / "model", *arguments)
    assert code == 0
    assert "2 of 5 rows left out" in told
