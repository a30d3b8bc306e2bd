"""What the ``insight quarantine`` commands do and say."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from insight.errors import InsightError
from pipelines.edge.logs import configure_logs
from pipelines.edge.run_lock import hold_store
from pipelines.edge.setting_lines import Lines, lines_to_paste
from pipelines.edge.worklist import write_worklist
from pipelines.edge.workspace import Workspace, open_workspace
from pipelines.steps.ingest import find_source
from pipelines.steps.quarantine import quarantined_rows, resolved_counts
from pipelines.steps.quarantine_list import Group, Refusal, open_files, open_groups, refusals
from pipelines.steps.quarantine_replay import NothingOpenError, Replayed, forget, replay


class NotReplayedError(InsightError):
    """Some files couldn't be read again; the others were."""


def tell_list(root: Path | None, source: str | None, *, json: bool, out: Console) -> None:
    """Print what is in quarantine and what would let it out."""
    workspace = open_workspace(root)
    _check_source(workspace, source)
    with out.status("Looking at what was refused..."):
        groups, refused = open_groups(workspace, source), refusals(workspace, source)
    told: list[Group | Refusal] = [*groups, *refused]
    changes = [
        (each.how, setting)
        for each in told
        if each.how is not None
        for suggestion in each.suggestions
        for setting in suggestion.settings
    ]
    lines = lines_to_paste(workspace.root, changes)
    resolved = resolved_counts(workspace, source)
    if json:
        content = {
            "groups": [_plain(group) for group in groups],
            "refused": [_plain(refusal) for refusal in refused],
            "paste": [asdict(line) for line in lines],
            "resolved": resolved,
        }
        out.print_json(data=content)
        return
    if not groups and not refused:
        out.print("Nothing is in quarantine.")
    for group in groups:
        _tell_group(group, out)
    for refusal in refused:
        _tell_refusal(refusal, out)
    for line in lines:
        out.print(f"\nPaste into {line.file}, {line.where}:", style="bold")
        out.print(line.text.rstrip("\n"), markup=False)
    if groups or refused:
        _tell_next(groups, refused, lines, out)
    if resolved:
        counts = ", ".join(f"{rows} {said}" for said, rows in resolved.items())
        out.print(f"\nLeft quarantine before: {counts}.")


def _check_source(workspace: Workspace, source: str | None) -> None:
    """Refuse a source that neither the settings nor the quarantine has."""
    if source is not None and open_files(workspace, source).empty:
        find_source(workspace, source, None)


def _plain(each: Group | Refusal) -> dict[str, Any]:
    content = {
        name: getattr(each, name)
        for name in each.__dataclass_fields__
        if name not in {"how", "suggestions"}
    }
    return content | {"suggestions": [asdict(suggestion) for suggestion in each.suggestions]}


def _tell_group(group: Group, out: Console) -> None:
    files = group.files[0] if len(group.files) == 1 else f"{len(group.files)} files"
    rows = _counted(group.rows, "row")
    out.print(f"\n{group.source}: {rows} of {files}", style="bold", markup=False)
    out.print(f"  {group.column}: {group.rule}", markup=False)
    for suggestion in group.suggestions:
        out.print(f"  - {_counted(suggestion.rows, 'row')}: {suggestion.sentence}", markup=False)


def _tell_refusal(refusal: Refusal, out: Console) -> None:
    out.print(f"\n{refusal.source}: {refusal.file}, refused whole", style="bold", markup=False)
    if not refusal.reason:
        out.print("  It would go in now: replay, or wait for the next run.")
        return
    out.print(f"  {refusal.reason}", markup=False)
    for suggestion in refusal.suggestions:
        if suggestion.sentence not in refusal.reason:
            out.print(f"  - {suggestion.sentence}", markup=False)


def _tell_next(
    groups: list[Group], refused: list[Refusal], lines: list[Lines], out: Console
) -> None:
    told: list[Group | Refusal] = [*groups, *refused]
    sources = list(dict.fromkeys(each.source for each in told))
    said = "What is to be corrected in a file: "
    if groups:
        said += f"`insight quarantine show {groups[0].source} --to rows.xlsx` lists it; "
    said += "put the corrected file into the inbox under its own name."
    out.print(f"\n{said}", markup=False)
    target = sources[0] if len(sources) == 1 else "--all"
    before = "Then" if not lines else "After pasting or correcting"
    out.print(f"{before}: insight quarantine replay {target}", markup=False)


def tell_rows(
    root: Path | None,
    source: str,
    *,
    rule: str | None,
    file: str | None,
    limit: int,
    to: Path | None,
    json: bool,
    out: Console,
) -> None:
    """Print or write the refused rows of a source that fit."""
    workspace = open_workspace(root)
    _check_source(workspace, source)
    rows = quarantined_rows(workspace, source)
    if file is not None:
        rows = rows.loc[rows["file"].eq(file).fillna(value=False)]
    if rule is not None:
        told = rows["column"].str.cat(rows["rule"], sep=": ").str.casefold()
        rows = rows.loc[told.str.contains(rule.casefold(), regex=False)]
    if to is not None and not rows.empty:
        write_worklist(rows, to, source=source, council=workspace.settings.name)
        if not json:
            out.print(f"{_counted(len(rows), 'cell')} to correct in {to}.", markup=False)
            return
    if json:
        out.print_json(rows.head(limit).to_json(orient="records"))
        return
    if rows.empty:
        out.print(f"Nothing of {source} is in quarantine{' that fits' if rule or file else ''}.")
        return
    table = Table("File", "Row", "Column", "Rule", "Value (redacted)")
    for row in rows.head(limit).fillna("").astype(str).to_dict(orient="records"):
        cells = (row[key] for key in ("file", "row_number", "column", "rule", "value"))
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    out.print(table)
    if len(rows) > limit:
        out.print(f"{len(rows) - limit} more; ask for them with --limit {len(rows)}.")
    out.print(f"What to do about them: insight quarantine list {source}")


def replay_and_tell(root: Path | None, source: str | None, *, json: bool, out: Console) -> None:
    """Read files with open rows again and say of each what became of them.

    Raises
    ------
    NotReplayedError
        After the last file, with the reason for each that couldn't be read again.
    """
    workspace = open_workspace(root)
    configure_logs(workspace.log_file, workspace.run_id, names=workspace.settings.staff_names)
    told: list[Replayed] = []
    with hold_store(workspace, doing="a quarantine replay"), out.status("Reading...") as status:
        _check_source(workspace, source)
        for each in replay(workspace, source):
            told.append(each)
            status.update(f"Reading again... {_counted(len(told), 'file')} done")
            if not json:
                _tell_replayed(each, out)
    if json:
        out.print_json(data={"files": [asdict(each) for each in told]})
    elif not told:
        out.print("Nothing is in quarantine.")
    if problems := [each.problem for each in told if each.problem]:
        raise NotReplayedError("\n".join(problems))


def _tell_replayed(each: Replayed, out: Console) -> None:
    if each.problem and not each.left:
        return  # said at the end
    rows = f"{_counted(each.left, 'row')} left quarantine, {each.remain} remain"
    out.print(f"{each.source}, {each.file}: {rows}.", markup=False)
    for why, times in each.why.items():
        out.print(f"  {times} times {why}", markup=False)


def forget_and_tell(
    root: Path | None, source: str, file: str, *, sure: bool, json: bool, out: Console
) -> None:
    """Close a file's open rows as given up, or say what that would do.

    Raises
    ------
    NothingOpenError
        If the file has none.
    """
    workspace = open_workspace(root)
    if not sure:
        _check_source(workspace, source)
        rows = quarantined_rows(workspace, source)
        count = rows.loc[rows["file"].eq(file).fillna(value=False), "row_number"].nunique()
        message = (
            f"{_counted(count, 'row')} of {file} would be closed as given up; nothing was done. "
            "Say --yes to do it."
        )
        raise NothingOpenError(message)
    with hold_store(workspace, doing="a change to the quarantine"):
        _check_source(workspace, source)
        closed = forget(workspace, source, file)
    if json:
        out.print_json(data={"source": source, "file": file, "closed": closed})
        return
    out.print(f"{_counted(closed, 'row')} of {file} closed as given up.", markup=False)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
