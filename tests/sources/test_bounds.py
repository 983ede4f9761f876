"""Files that are small and grow large when they are read: refused before they take the memory."""

import gzip
import subprocess
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.stack import ROOT
from matcher.errors import InputError
from sources.attributes import read_tags
from sources.table import read_listening

HEAD = b"listener_id,artist_name,plays\n"
MEMORY = """
import resource, sys
from pathlib import Path
from sources.table import read_listening
from matcher.errors import InputError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_listening(Path(sys.argv[1]))
except InputError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def bomb(path, row=b"a,Low,1\n", n_mib=1200):
    """A gzip file of about 1.2 MB for 1.2 GB of rows."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        file.write(packer.compress(HEAD))
        block = row * ((1 << 20) // len(row))
        for _ in range(n_mib):
            file.write(packer.compress(block))
        file.write(packer.flush())


def memory_mib(path):
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said, _, mib = done.stdout.strip().rpartition("\n")
    return said, int(mib)


@pytest.mark.slow
def test_a_small_gz_of_a_large_table_is_refused_without_taking_its_memory(tmp_path):
    path = tmp_path / "x.csv.gz"
    bomb(path)
    assert path.stat().st_size < 2_000_000
    said, mib = memory_mib(path)
    assert "x.csv.gz" in said
    assert "unpacked" in said
    assert mib < 100


def test_a_gz_that_grows_a_hundredfold_is_refused_in_every_table(tmp_path):
    path = tmp_path / "x.csv.gz"
    bomb(path, n_mib=150)
    for read in (read_listening, read_tags):
        with pytest.raises(InputError, match="unpacked"):
            read(path)


def test_a_small_table_may_be_packed_however_well(tmp_path):
    path = tmp_path / "x.csv.gz"
    with gzip.open(path, "wb") as file:
        file.write(HEAD + b"a,Low,1\n" * 20_000)
    assert len(read_listening(path).listenings[0].hearings) == 20_000


def test_a_parquet_of_more_rows_than_bytes_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000_000, pa.int32()), pa.array(["a"]))
    pq.write_table(pa.table({"listener_id": same, "artist_name": same}), path, compression="zstd")
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="3,000,000 rows"):
        read_listening(path)


def test_a_parquet_of_one_long_text_in_every_row_takes_its_memory_once(tmp_path):
    path = tmp_path / "x.parquet"
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 50_000, pa.int32()), pa.array(["x" * 1_000_000]))
    ids = pa.array(["a"] * 50_000)
    pq.write_table(pa.table({"listener_id": ids, "artist_name": same}), path, compression="zstd")
    _, mib = memory_mib(path)
    assert mib < 400  # fifty thousand of them would be 50 GB


@pytest.mark.parametrize("name", ["x.csv.zip", "x.csv.xz", "x.csv.bz2", "x.tar"])
def test_other_archives_are_not_unpacked(tmp_path, name):
    import pandas as pd

    path = tmp_path / name
    pd.DataFrame({"listener_id": ["a"], "artist_name": ["Low"]}).to_csv(path, index=False)
    with pytest.raises(InputError):
        read_listening(path)


def test_line_numbers_go_on_from_one_piece_to_the_next(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(HEAD + b"a,Low,1\n" * 70_000 + b"a,Low,many\n")
    (bad,) = read_listening(path).problems.rows
    assert bad.line == 70_002


def test_a_table_without_rows_is_a_table(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(HEAD)
    assert read_listening(path).listenings == ()
