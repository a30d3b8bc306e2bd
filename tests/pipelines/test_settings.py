import shutil
from importlib import resources

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.settings import FILES, Settings, SettingsError, load_settings

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted(Settings.model_fields)) | st.text(max_size=8)


@pytest.fixture
def folder(tmp_path):
    with resources.as_file(resources.files("pipelines") / "workspace_template") as template:
        shutil.copytree(template / "settings", tmp_path / "settings")
    return tmp_path / "settings"


def change(folder, file, before, after):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def faults(folder):
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return caught.value.faults


def test_the_template_is_right(folder):
    settings = load_settings(folder)
    assert settings.crs == "EPSG:27700"
    assert {source.contract for source in settings.sources} >= {"cases", "web_counts"}


def test_every_fault_in_every_file_is_said_at_once(folder):
    change(folder, "council.yaml", "EPSG:27700", "OSGB")
    change(folder, "services.yaml", "lgsl: [69]", "lgsl: [-1]")
    change(folder, "measures.yaml", "polarity: lower", "polarity: down")
    change(folder, "sources.yaml", "contract: web_counts", "contract: webs")
    told = faults(folder)
    assert len(told) == 4
    assert any(fault.startswith("council.yaml, crs:") for fault in told)
    assert any(fault.startswith("services.yaml, services[housing].lgsl[0]:") for fault in told)
    assert any(fault.startswith("measures.yaml, measures[COMPLAINTS].polarity:") for fault in told)
    assert any("sources[web].contract" in fault and "web_counts" in fault for fault in told)


def test_a_value_in_the_wrong_form_is_answered_with_an_example(folder):
    change(folder, "council.yaml", "EPSG:27700", "OSGB")
    change(folder, "services.yaml", "code: housing", "code: Housing services")
    assert faults(folder) == [
        "council.yaml, crs: write it as EPSG:27700",
        "services.yaml, services[Housing services].code: write a code of small letters, digits, "
        "- and _, such as council-tax",
    ]


def test_spellings_and_retention_name_what_there_is(folder):
    change(folder, "council.yaml", "phone: [contact centre]", "telegraph: [wire]")
    change(folder, "council.yaml", "retention_days: {}", "retention_days: {emails: 30}")
    told = " ".join(faults(folder))
    assert "channel has no value telegraph; use app, chat" in told
    assert "there is no input emails; use street_reports" in told


def test_an_unknown_key_is_named(folder):
    change(folder, "council.yaml", "timezone:", "time_zone:")
    assert faults(folder) == ["council.yaml, time_zone: not a key we know"]


def test_a_missing_file_and_broken_yaml_are_both_named(folder):
    (folder / "measures.yaml").unlink()
    (folder / "sources.yaml").write_text("sources: [a: b: c", encoding="utf-8")
    told = faults(folder)
    assert told[0].startswith("sources.yaml, line 1: not YAML")
    assert told[1].startswith("measures.yaml: not found")


def test_a_measure_of_a_service_that_is_not_there_is_named(folder):
    change(folder, "measures.yaml", "service: planning", "service: plannning")
    assert "plannning" in faults(folder)[0]


def test_a_measure_is_entered_or_computed_not_both(folder):
    change(folder, "measures.yaml", "    entered: true", "    entered: true\n    figure: contacts")
    assert "either" in faults(folder)[0]


def test_a_figure_that_is_not_computed_is_named_with_those_that_are(folder):
    change(folder, "measures.yaml", "figure: satisfaction_share", "figure: happiness")
    assert "happiness; use satisfaction_share" in faults(folder)[0]


def test_a_measure_may_not_take_a_figures_code(folder):
    change(folder, "measures.yaml", "code: PLAN-SAT", "code: contacts")
    assert "is that of a computed figure" in faults(folder)[0]


def test_a_computed_measure_is_neither_weekly_nor_cumulative(folder):
    change(
        folder, "measures.yaml", "polarity: higher", "polarity: higher\n    accumulation: rolling"
    )
    assert "only an entered one can be weekly" in faults(folder)[0]


def test_a_band_upside_down_leaves_the_settings_and_the_other_targets_standing(folder):
    change(
        folder,
        "measures.yaml",
        'targets: {"2026-27": 0.7}',
        'targets: {"2026-27": {low: 0.9, high: 0.7}}',
    )
    assert load_settings(folder).measures[0].targets["2026-27"].low == 0.9


def test_targets_may_lie_in_a_file_of_their_own_and_say_who_agreed_them(folder):
    (folder / "targets.yaml").write_text(
        "targets:\n  - {measure: PLAN-SAT, year: 2027-28, value: 0.72, agreed_by: Committee,\n"
        "     agreed_on: 2027-03-02, tolerance: {kind: absolute, size: 0.02},\n"
        "     periods: {2027-28 Q1: 0.7}}\n",
        encoding="utf-8",
    )
    (target,) = load_settings(folder).targets
    assert (target.measure, target.year, target.agreed_by) == ("PLAN-SAT", "2027-28", "Committee")
    assert target.agreed_on.isoformat() == "2027-03-02"
    (folder / "targets.yaml").write_text(
        "targets:\n  - {measure: PLAN-SAT, year: '2027', value: 1}\n", encoding="utf-8"
    )
    assert faults(folder) == [
        "targets.yaml, targets[PLAN-SAT].year: write a financial year, such as 2026-27"
    ]


def test_the_environment_wins_over_the_file(folder, monkeypatch):
    monkeypatch.setenv("INSIGHT_STORE_URL", "postgresql://somewhere/insight")
    assert load_settings(folder).store_url == "postgresql://somewhere/insight"


def test_a_wrong_value_is_not_repeated_in_the_message(folder):
    change(folder, "council.yaml", "threshold: 5", "threshold: SECRET")
    assert "SECRET" not in " ".join(faults(folder))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(set(FILES) - {"targets.yaml"})), KEYS, ANYTHING)
def test_any_key_with_any_value_is_read_or_refused_with_its_file(folder, file, key, value):
    path = folder / file
    before = path.read_text(encoding="utf-8")
    content = yaml.safe_load(before) | {key: value}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    try:
        load_settings(folder)
    except SettingsError as refused:
        assert refused.faults  # noqa: PT017 - either end is right
    finally:
        path.write_text(before, encoding="utf-8")
