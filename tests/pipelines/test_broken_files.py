"""Broken files by the thousand, and broken mappings and settings: 10,000 of them in a soak."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("broken_files.py")
FILES_EACH = 5_000 if os.environ.get("INSIGHT_SOAK") else 500
SEEDS = (20261101, 20261102)
LONGEST_S = 10


@pytest.mark.slow
def test_broken_files_end_in_an_account_or_a_clear_refusal(make_workspace):
    """Two processes, each with a seed, for two cores; no traceback, no hang, nothing lost."""
    running = [
        subprocess.Popen(
            [
                *(sys.executable, DRIVER, make_workspace(f"council-{seed}").root),
                *(str(seed), str(FILES_EACH)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in SEEDS
    ]
    for process, seed in zip(running, SEEDS, strict=True):
        out, errors = process.communicate(timeout=900)
        assert process.returncode == 0, f"seed {seed}: {errors[-3000:]}"
        result = json.loads(out.strip().splitlines()[-1])
        ends = result["ends"]
        assert result["unclear"] == []
        assert ends["accepted"] + ends["refused"] >= FILES_EACH
        assert ends["accepted"] > FILES_EACH / 20
        assert ends["mapping read"] + ends["mapping refused"] == FILES_EACH // 10
        assert ends["settings read"] + ends["settings refused"] == FILES_EACH // 10
        assert result["slowest"][1] < LONGEST_S
