"""``insight store``: the performance store itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.commands.options import JsonOption, WorkspaceOption, YesOption
from pipelines.commands.rights import data_map, erase, export

if TYPE_CHECKING:
    from pipelines.steps.purge import Purged

app = typer.Typer(
    help="What is held: backups, retention, a resident's rights, tables for other systems.",
    no_args_is_help=True,
)
out = Console(soft_wrap=True, highlight=False)


@app.command("upgrade", epilog="Example: insight store upgrade --workspace my-council")
def upgrade(workspace: WorkspaceOption = None) -> None:
    """Make the store, or bring it to this version's tables."""
    from pipelines.edge.workspace import open_workspace

    opened = open_workspace(workspace)
    out.print(f"The store is up to date: {opened.engine.url.render_as_string(hide_password=True)}")


@app.command("digest", epilog="Example: insight store digest")
def digest(workspace: WorkspaceOption = None) -> None:
    """Print a hash of the store's contents that ignores run times and run ids.

    Two equal digests mean the same rows and the same figures.
    """
    from pipelines.edge.store import store_digest
    from pipelines.edge.workspace import open_workspace

    out.print(store_digest(open_workspace(workspace).engine))


@app.command("publish", epilog="Example: insight store publish --to /srv/powerbi")
def publish(
    to: Annotated[
        Path | None, typer.Option(help="A new folder; outputs/store when absent.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Only what the public may see.")] = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the tables that other systems may read as Parquet and CSV, with their contract."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.store_tables import publish_store

    made = publish_store(open_workspace(workspace), to, public=public)
    if json:
        out.print_json(data={"folder": str(made.folder), "rows": made.rows})
        return
    for name, rows in made.rows.items():
        out.print(f"{name}: {rows:,} rows")
    out.print(f"Written to {made.folder}, each as .parquet and .csv, with their contract.")


@app.command("purge", epilog="Example: insight store purge --yes")
def purge(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would go, as without --yes.")
    ] = False,
    yes: YesOption = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Delete what is past its retention period: rows, refused rows, originals, logs, backups.

    Without --yes it shows what would go. Computed figures stay: they hold no personal data.
    """
    from pipelines.commands.opening import holding
    from pipelines.steps.purge import purge as let_go

    if dry_run and yes:
        raise typer.BadParameter("say either --dry-run or --yes.")
    with holding(workspace, doing="purge of the store") as opened:
        done = let_go(opened, carry_out=yes)
    if json:
        rows = [
            {
                "kind": each.kind,
                "count": each.count,
                "oldest": each.oldest and each.oldest.isoformat(),
                "newest": each.newest and each.newest.isoformat(),
                "note": each.note,
            }
            for each in done.due
        ]
        out.print_json(data={"deleted": done.carried_out, "due": rows, "kept": done.kept})
        return
    _tell_purge(done)


def _tell_purge(done: "Purged") -> None:
    from insight.periods import uk_date

    table = Table("What", "How many", "Oldest", "Newest")
    for each in done.due:
        if each.count:
            days = [uk_date(day) if day else "" for day in (each.oldest, each.newest)]
            table.add_row(each.kind, f"{each.count:,}", *days)
    if done.total:
        out.print(table)
    for each in done.due:
        if each.note:
            out.print(f"{each.kind}: {each.note}")
    for kept in done.kept:
        out.print(kept)
    if not done.total:
        out.print("Nothing is past its retention period.")
    elif done.carried_out:
        out.print("Deleted. Figures that were computed from them stay as they are.")
    else:
        out.print("Nothing was deleted yet. To delete it: insight store purge --yes")


@app.command("redact", epilog="Example: insight store redact")
def redact(json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Redact what is stored again, with this version's rules and the names in the settings.

    Housekeeping does it by itself when the rules are newer than what is stored.
    """
    from pipelines.commands.opening import holding
    from pipelines.steps.redact_again import redact_again

    with holding(workspace, doing="redaction of the store") as opened, out.status("Redacting..."):
        done = redact_again(opened, always=True)
    if json:
        out.print_json(data={"changed": dict(done.changed)})
        return
    for name, count in done.changed.items():
        out.print(f"{name}: {count:,} rows redacted again")
    out.print(
        "Pages and workbooks made before still say what they said: insight run makes them again."
        if done.total
        else "Nothing that is stored says more than it should by today's rules."
    )


@app.command("backup", epilog="Example: insight store backup /srv/backups/october.backup.zip")
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="A new file; backups/ in the workspace when absent.")
    ] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the store, the settings and the mappings to one file, and read it back.

    It holds personal data, and never the pseudonym key: keep that elsewhere. The inbox and
    reference/ are not in it.
    """
    from pipelines.commands.opening import holding
    from pipelines.steps.backup import make_backup

    with holding(workspace, doing="backup of the store") as opened, out.status("Backing up..."):
        made = make_backup(opened, file)
    if json:
        out.print_json(data={"file": str(made.path), "bytes": made.size, "rows": made.rows,
                             "digest": made.digest})  # fmt: skip
        return
    out.print(
        f"Backed up {made.rows:,} rows to {made.path} ({made.size / 1e6:.1f} MB); read back, "
        f"and equal. Digest {made.digest}."
    )
    out.print("The pseudonym key is not in it; without the key it can't be restored as it was.")


@app.command("restore", epilog="Example: insight store restore october.backup.zip --yes")
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    yes: YesOption = False,
    another_key: Annotated[
        bool,
        typer.Option("--another-key", help="Take a backup whose pseudonym key is lost."),
    ] = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Make the store what a backup holds, less what was purged or erased since.

    The backup is verified first, and the present store is kept aside. Without --yes it is only
    verified.
    """
    from pipelines.commands.opening import holding
    from pipelines.steps.restore import check_backup
    from pipelines.steps.restore import restore as put_back

    with holding(workspace, doing="restore of the store") as opened, out.status("Verifying..."):
        act = put_back if yes else check_backup
        done = act(opened, file.absolute(), another_key=another_key)
    if json:
        out.print_json(data={"restored": yes, "made_at": done.made_at, "rows": done.rows,
                             "digest": done.digest, "kept": done.kept and str(done.kept),
                             "removed": done.removed, "notes": list(done.notes)})  # fmt: skip
        return
    held = f"{done.rows:,} rows, as of {done.made_at}, digest {done.digest}"
    if not yes:
        out.print(f"The backup is whole: {held}.")
        out.print(f"To put it in the place of the store: insight store restore {file} --yes")
        return
    out.print(f"Restored {held}.")
    for kind, count in done.removed.items():
        out.print(f"Kept out, because it was purged or erased since: {count} of {kind}.")
    for note in done.notes:
        out.print(note)
    out.print(f"The store before is kept in {done.kept}; delete it once all is well.")


app.command("erase", epilog="Example: insight store erase --customer C123 --yes")(erase)
app.command("export", epilog="Example: insight store export --customer C123 --to answer.xlsx")(
    export
)
app.command("data-map", epilog="Example: insight store data-map --to data-map.xlsx")(data_map)
