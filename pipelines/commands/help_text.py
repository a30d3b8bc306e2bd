"""How help is shown: each command's whole first sentence, and ``insight help`` for ``--help``."""

from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup


class WholeHelp(TyperGroup):
    """A group that lists its commands by whole sentences, where typer cuts them at the line."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        super().__init__(**given)
        for command in self.commands.values():
            command.short_help = command.get_short_help_str(limit=1000)


def asked_help(words: Sequence[str]) -> list[str]:
    """Return what was typed, ``help kpi show`` as ``kpi show --help``."""
    return [*words[1:], "--help"] if words[:1] == ["help"] else list(words)
