"""A council's workspace: its folder, settings, store, key and boundaries, opened when needed."""

import os
import shutil
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from insight.errors import InsightError
from pipelines.edge.ready_mappings import ready_texts
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd
    from sqlalchemy import Engine

WORKSPACE_ID = "workspace.id"
FOLDERS = ("inbox", "mappings", "reference", "settings", "store")


class WorkspaceError(InsightError):
    """A folder is not a workspace, or cannot be made into one."""


@dataclass(frozen=True)
class Workspace:
    """One council's folder and what is in it; `today` and `run_id` are those of this run."""

    root: Path
    settings: Settings
    today: date
    run_id: str

    @property
    def store_url(self) -> str:
        """Where the performance store is: the settings', else a SQLite file in the workspace."""
        return self.settings.store_url or f"sqlite:///{self.root / 'store' / 'insight.db'}"

    @property
    def outputs(self) -> Path:
        """The absolute folder that every output goes to, one folder per month below it."""
        if self.settings.output_root is None:
            return self.root / "outputs"
        return Path(self.settings.output_root).absolute() / self.root.name

    @property
    def rights(self) -> Path:
        """Where certificates of erasure and the record of purges are kept."""
        return self.outputs / "rights"

    @property
    def backups(self) -> Path:
        """Where backups go unless a person names another place."""
        return self.root / "backups"

    @property
    def samples(self) -> Path:
        """Where samples for people to class are kept."""
        return self.root / "samples"

    @property
    def log_file(self) -> Path:
        """Where this run's log goes, one JSON object a line."""
        return self.root / "logs" / f"{self.run_id}.jsonl"

    def month(self, text: str | None) -> date:
        """Return the first day of the month `text` names, else of the last complete month.

        Raises
        ------
        UnknownPeriodError
            If `text` names no month.
        WorkspaceError
            If the month has not begun.
        """
        from insight.periods import Frequency, add_months, parse_period

        if text is None:
            return add_months(self.today, -1)
        month = parse_period(text, Frequency.MONTHLY)[1]
        if month > self.today:
            message = f"{month:%B %Y} has not begun. Name an earlier month, such as 2026-10."
            raise WorkspaceError(message)
        return month

    def inbox(self, source: str) -> Path:
        """Return the folder that `source`'s files arrive in."""
        return self.root / "inbox" / source

    @cached_property
    def engine(self) -> "Engine":
        """The performance store, brought up to date."""
        from pipelines.edge.store import open_store, upgrade_store

        engine = open_store(self.store_url)
        upgrade_store(engine)
        return engine

    @cached_property
    def key(self) -> bytes:
        """The key that customers' pseudonyms are made with; kept outside the workspace."""
        from pipelines.edge.keys import pseudonym_key

        path = self.root / WORKSPACE_ID
        if not path.is_file():
            raise WorkspaceError(
                f"{path} is missing. It says which key customers' pseudonyms are made with: copy "
                "it back from the workspace's backup, or everybody would count as somebody new."
            )
        return pseudonym_key(path.read_text(encoding="utf-8").strip())

    def redact(self, texts: "pd.Series") -> "pd.Series":
        """Replace what identifies a person in `texts`, as the settings say."""
        from insight.redaction import redact

        redacted = redact(
            texts,
            names=self.settings.staff_names,
            streets=self._street_names,
            council_references=self.settings.council_reference_pattern,
        )
        return redacted if self._name_model is None else self._name_model(redacted)

    @cached_property
    def _street_names(self) -> tuple[str, ...]:
        from insight.errors import InsightError

        # What is wrong with the file is for hotspots to say: it must not stop an intake.
        try:
            streets = self.streets
        except InsightError:
            return ()
        return () if streets is None else tuple(sorted(streets["street"].unique()))

    @cached_property
    def _name_model(self) -> "Callable[[pd.Series], pd.Series] | None":
        if self.settings.name_model is None:
            return None
        from pipelines.edge.name_model import load_name_model

        return load_name_model(self.root / self.settings.name_model)

    @cached_property
    def wards(self) -> "gpd.GeoDataFrame | None":
        """Ward boundaries in the workspace's metric system, with column ``ward``."""
        from pipelines.edge.geography import read_wards

        if self.settings.wards_file is None:
            return None
        wards = read_wards(
            self.root / self.settings.wards_file, name_column=self.settings.wards_name_column
        )
        return wards.to_crs(self.settings.crs)

    @cached_property
    def streets(self) -> "gpd.GeoDataFrame | None":
        """Named street lines in the workspace's metric system, with column ``street``."""
        from pipelines.edge.geography import read_streets

        if self.settings.streets_file is None:
            return None
        path, column = self.root / self.settings.streets_file, self.settings.streets_name_column
        return read_streets(path, self.wards, name_column=column).to_crs(self.settings.crs)

    @cached_property
    def areas(self) -> "gpd.GeoDataFrame | None":
        """Small areas with residents and deprivation, where the settings name them."""
        from pipelines.edge.area_facts import read_areas

        if self.settings.areas is None:
            return None
        return read_areas(self.root, self.settings.areas, self.settings.crs)

    @cached_property
    def postcodes(self) -> "pd.DataFrame | None":
        """Postcodes with easting and northing, where the settings name a file of them."""
        from pipelines.edge.geography import read_postcodes

        if self.settings.postcodes_file is None:
            return None
        return read_postcodes(self.root / self.settings.postcodes_file)


def open_workspace(root: Path | None = None, *, run_id: str | None = None) -> Workspace:
    """Return the workspace at `root`, else ``INSIGHT_WORKSPACE``, else the current folder.

    Raises
    ------
    WorkspaceError
        If the folder has no ``settings`` folder.
    SettingsError
        If the settings are wrong.
    """
    folder = Path(root or os.environ.get("INSIGHT_WORKSPACE") or Path.cwd()).absolute()
    if not (folder / "settings").is_dir():
        message = (
            f"{folder} is not a workspace: it has no settings folder. Make one with "
            "`insight init DIR`, or name yours with --workspace DIR."
        )
        raise WorkspaceError(message)
    settings = load_settings(folder / "settings")
    return Workspace(folder, settings, _today(settings), run_id or _new_run_id(settings))


def create_workspace(root: Path) -> Path:
    """Write a commented workspace for a council into the empty or new folder `root`.

    Raises
    ------
    WorkspaceError
        If `root` already holds files, or cannot be written.
    """
    root = root.absolute()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        message = f"{root} is not empty. Name a new folder; nothing was changed."
        raise WorkspaceError(message)
    try:
        prepare_folders(root)
        template = resources.files("pipelines") / "workspace_template"
        with resources.as_file(template) as source:
            shutil.copytree(source, root, dirs_exist_ok=True)
        for name, text in ready_texts().items():
            (root / "mappings" / f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
        for source_setting in load_settings(root / "settings").sources:
            (root / "inbox" / source_setting.name).mkdir()
    except OSError as error:
        message = f"{root} cannot be written: {error.strerror}. Choose another folder."
        raise WorkspaceError(message) from error
    return root


def prepare_folders(root: Path) -> None:
    """Make the folders of a workspace and give it the id that its key is kept under."""
    for name in FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    identity = root / WORKSPACE_ID
    if not identity.exists():
        # Whole before it has its name: the key is kept under it.
        draft = root / f".{WORKSPACE_ID}.unfinished"
        draft.write_text(f"{uuid.uuid4()}\n", encoding="utf-8")
        draft.replace(identity)


def _today(settings: Settings) -> date:
    """Return the date, or ``INSIGHT_TODAY`` where a run is repeated as of another day."""
    told = os.environ.get("INSIGHT_TODAY")
    return date.fromisoformat(told) if told else datetime.now(settings.zone).date()


def _new_run_id(settings: Settings) -> str:
    return f"{datetime.now(settings.zone):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
