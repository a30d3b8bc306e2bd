"""Messy files of three kinds, a month's run, and a person who pastes what is printed."""

import re

import yaml

from pipelines.edge.workspace import open_workspace
from pipelines.steps.ingest import ingest_all

COUNTS = "Date,Channel,Service,Offered,Answered\n"
REPORTS = "Report ID,Reported at,Category,Latitude,Longitude,Description\n"
SURVEY = "Response ID,Survey,Answered at,Question,Scale,Answer\n"


def run_month(root):
    workspace = open_workspace(root)
    return ingest_all(workspace, workspace.month(None))


def pasted(root, told):
    """Do what each "Paste into FILE, WHERE:" says, as a person with an editor would."""
    done = []
    for file, where, text in re.findall(
        r"^Paste into ([^,\n]+), ([^\n]+):\n(.+?)(?=\n\n|\Z)", told, flags=re.S | re.M
    ):
        path = root / file
        lines = yaml.safe_load(text)
        if where == "as a new file":
            assert not path.exists()
            path.write_text(text, encoding="utf-8")
        elif where.startswith("in place of the line of "):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert isinstance(lines, list)
            content["sources"] = [
                lines[0] if one["name"] == lines[0]["name"] else one for one in content["sources"]
            ]
            path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        else:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert (next(iter(lines)) in content) == ("in place" in where)
            path.write_text(yaml.safe_dump(content | lines, sort_keys=False), encoding="utf-8")
        done.append(file)
    return done


def counts(start, stop, channel="Phone"):
    return "".join(
        f"{day:02}/{month:02}/2026,{channel},waste,{100 + day},{90 + day}\n"
        for month in (9, 10)
        for day in range(start, stop)
    )


def reports(start, stop, when="{month:02}/{day:02}/2026 09:30", place="52.59,-1.10"):
    return "".join(
        f"R{n},{when.format(day=n % 28 + 1, month=n % 10 + 1)},Dog fouling,{place},by the gate\n"
        for n in range(start, stop)
    )


def answers(start, stop, scale="satisfaction-5"):
    return "".join(
        f"A{n},Parks,{n % 28 + 1:02}/10/2026,overall,{scale},Very satisfied\n"
        for n in range(start, stop)
    )
