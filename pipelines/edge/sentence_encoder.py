"""A sentence encoder that the council supplies as a folder; nothing is ever fetched.

The folder holds ``model.onnx`` and ``tokenizer.json``, as sentence-transformers exports them.
It needs the extra ``encoder`` (onnxruntime and tokenizers), which nothing else does.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from insight.errors import InsightError
from insight.topics.features import Encoder, Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"
Rows = NDArray[np.intp]

_MOST_TOKENS = 256
# What the processor's cache holds: 256 are a quarter faster than 2,048.
_BATCH_TOKENS = 256


class EncoderFolderError(InsightError):
    """The sentence encoder's folder can't be used."""


def folder_hash(folder: Path) -> str:
    """Return the SHA-256 that a sentence encoder is pinned by.

    Raises
    ------
    EncoderFolderError
        If one of its files is missing or can't be read.
    """
    digest = hashlib.sha256()
    for name in (MODEL_FILE, TOKENIZER_FILE):
        path = folder / name
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise EncoderFolderError(
                f"the sentence encoder's file {path} can't be read ({error.strerror}). The folder "
                f"must hold {MODEL_FILE} and {TOKENIZER_FILE}; without an encoder topics work too."
            ) from error
    return digest.hexdigest()


def load_encoder(folder: Path, expected_hash: str = "") -> tuple[Encoder, str]:
    """Return a function from texts to one row of numbers each, and the folder's hash.

    Parameters
    ----------
    folder
        Holds ``model.onnx`` and ``tokenizer.json``.
    expected_hash
        What `folder_hash` gave when the encoder was chosen; not checked when empty.

    Raises
    ------
    EncoderFolderError
        If a file is missing, damaged or not the one expected, or onnxruntime and tokenizers
        aren't installed.
    """
    found = folder_hash(folder)
    if expected_hash and found != expected_hash:
        raise EncoderFolderError(
            f"the sentence encoder in {folder} is not the one that was chosen: its SHA-256 is "
            f"{found[:12]}… and {expected_hash[:12]}… was expected. Put the right files there, or "
            "write the new SHA-256 into the settings and train the topics again."
        )
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EncoderFolderError(
            "a sentence encoder needs onnxruntime and tokenizers: pip install "
            "'council-insight[encoder]'. Without an encoder topics work too."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both libraries raise bare exceptions of many kinds
        raise EncoderFolderError(
            f"the sentence encoder in {folder} is damaged or of another kind: {MODEL_FILE} must "
            f"be an ONNX model and {TOKENIZER_FILE} its tokenizer. Copy the folder again."
        ) from error
    tokenizer.enable_truncation(_MOST_TOKENS)
    tokenizer.no_padding()
    return _encoder(session, tokenizer, folder), found


def _encoder(session: "InferenceSession", tokenizer: "Tokenizer", folder: Path) -> Encoder:
    wanted = {each.name for each in session.get_inputs()}

    def encode(texts: list[str]) -> Floats:
        tokens = [each.ids or [0] for each in tokenizer.encode_batch(texts)]
        lengths = np.array([len(each) for each in tokens], dtype=np.intp)
        order = np.argsort(lengths, kind="stable")  # texts of a length need no filling up
        parts = [
            _sentences(session, wanted, [tokens[row] for row in rows], folder)
            for rows in _batches(order, lengths)
        ]
        found = np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)
        sentences = np.empty_like(found)
        sentences[order] = found
        return sentences

    return encode


def _batches(order: Rows, lengths: Rows) -> list[Rows]:
    """Cut the rows into runs of about as many tokens each."""
    piece = lengths[order].cumsum() // _BATCH_TOKENS
    return np.split(order, np.flatnonzero(np.diff(piece)) + 1) if len(order) else []


def _sentences(
    session: "InferenceSession", wanted: set[str], tokens: list[list[int]], folder: Path
) -> Floats:
    """Return the mean of each text's token vectors, or the model's own sentence vectors."""
    longest = max(map(len, tokens))
    ids = np.zeros((len(tokens), longest), dtype=np.int64)
    used = np.arange(longest) < np.array([len(each) for each in tokens])[:, None]
    ids[used] = np.concatenate(tokens)
    inputs = {
        "input_ids": ids,
        "attention_mask": used.astype(np.int64),
        "token_type_ids": np.zeros_like(ids),
    }
    try:
        output = session.run(None, {name: inputs[name] for name in wanted})[0]
    except Exception as error:  # onnxruntime raises bare exceptions of many kinds
        raise EncoderFolderError(
            f"the sentence encoder in {folder} could not be run: it must take input_ids, "
            "attention_mask and token_type_ids, as sentence-transformers exports it."
        ) from error
    if output.ndim == 3:
        shares = used[:, :, None].astype(np.float32)
        output = (output * shares).sum(axis=1) / shares.sum(axis=1)
    return np.asarray(output, dtype=np.float32)
