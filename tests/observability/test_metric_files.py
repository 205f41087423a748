"""A full disk ends no process that counts its requests (REL-4)."""

import os
import subprocess
import sys

import pytest

from kanal.web.metricfiles import Allocated

COUNT = """
import os, sys
from prometheus_client import values
from kanal.web import metricfiles
metricfiles.install_metric_files()
from prometheus_client import Counter
counter = Counter("things", "Things.", ["name"])
missed = 0
for number in range(30_000):
    try:
        counter.labels(f"name {number} " + "x" * 40).inc()
    except OSError:
        missed += 1
print("alive", missed)
"""

# A namespace of the process's own, so that the file system is gone with it and no user needs to be root.
NAMESPACE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
MOUNT = 'mount -t tmpfs -o "size=$1" none "$2"; exec "$3" -c "$4"'


def full(fd, start, length):
    raise OSError(28, "No space left on device")


def test_blocks_are_there_before_a_file_is_mapped(tmp_path):
    figures = Allocated(str(tmp_path / "counter_1.db"))
    figures.write_value("one", 1.0, 0.0)
    assert os.stat(tmp_path / "counter_1.db").st_blocks * 512 >= 1 << 20


def test_without_room_figures_are_counted_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "posix_fallocate", full)
    figures = Allocated(str(tmp_path / "counter_1.db"))
    figures.write_value("one", 1.0, 0.0)
    assert figures.read_value("one")[0] == 1.0


def test_a_figure_for_which_the_file_can_not_grow_is_refused_and_the_others_stay(tmp_path, monkeypatch):
    figures = Allocated(str(tmp_path / "counter_1.db"))
    figures.write_value("one", 1.0, 0.0)
    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space"):
        list(map(figures.read_value, (f"name {number} " + "x" * 40 for number in range(30_000))))
    figures.write_value("one", 2.0, 0.0)
    assert figures.read_value("one")[0] == 2.0


@pytest.mark.parametrize("size", ["64k", "1536k"])
def test_a_process_lives_on_a_disk_without_a_free_byte(tmp_path, size):
    """A real file system that is full at the start, or becomes so while the files grow."""
    disk = tmp_path / "disk"
    disk.mkdir()
    given = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(disk)}
    command = [*NAMESPACE, "sh", "-ec", MOUNT, "sh", size, str(disk), sys.executable, COUNT]
    process = subprocess.run(command, env=given, capture_output=True, text=True)
    assert "\nalive" in f"\n{process.stdout}", (process.returncode, process.stderr[-500:])
