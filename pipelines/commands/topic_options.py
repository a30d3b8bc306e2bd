"""Options that several commands of ``insight topics`` share."""

from pathlib import Path
from typing import Annotated

import typer

TextOption = Annotated[str, typer.Option(help="Heading of the texts.")]
LabelOption = Annotated[str, typer.Option(help="Heading of the topics.")]
OosOption = Annotated[str | None, typer.Option(help='The label that means "none of the topics".')]
PoolOption = Annotated[Path | None, typer.Option(help="Unlabelled texts to learn from too.")]
EncoderOption = Annotated[
    Path | None, typer.Option(help="Folder of a sentence encoder in ONNX form.")
]
