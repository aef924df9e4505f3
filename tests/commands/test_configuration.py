"""The configuration: every key has a default, all faults come at once, secrets stay out of sight."""

import socket
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, load
from bot.letters import imprint
from store.law import Label
from tests.ports import free_port
from tests.postgres import shared_server
from tests.processes import ROOT, BotProcess

THREE_FAULTS = """
[controler]
name = "Acme"

[controller]
timezone = "Europe/Londn"

[mail]
listen = "nowhere"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "privacy-intake.toml"
    path.write_text(text)
    return path


def test_with_no_file_at_all_everything_has_a_default():
    config = load(None, {})
    assert config == Config()
    assert config.mail.listen == "127.0.0.1:8025"
    assert config.web.listen == "127.0.0.1:8080"


def test_all_faults_are_said_at_once(tmp_path: Path):
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, THREE_FAULTS), {})
    faults = str(refused.value).splitlines()
    assert [fault.partition(":")[0] for fault in faults] == [
        "controller.timezone",
        "mail.listen",
        "controler",
    ]


def test_the_environment_overrides_the_file(tmp_path: Path):
    path = written(tmp_path, '[mail]\nlisten = "127.0.0.1:25"\n')
    environ = {
        "PRIVACY_INTAKE_MAIL__LISTEN": "127.0.0.1:26",
        "PRIVACY_INTAKE_MAIL__ADDRESSES": "a@acme.example, b@acme.example",
        "PRIVACY_INTAKE_CLASSIFY__WORKERS": "3",
        "PRIVACY_INTAKE_POLICY__ACKNOWLEDGE__COMPLAINT": "draft",
        "PRIVACY_INTAKE_REPLIES__LANGUAGES": "en, cy",
    }
    config = load(path, environ)
    assert config.mail.listen == "127.0.0.1:26"
    assert config.mail.addresses == ("a@acme.example", "b@acme.example")
    assert config.classify.workers == 3
    assert config.policy.acknowledge == {Label.COMPLAINT: "draft"}
    assert config.replies.languages == ("en", "cy")


def test_a_misspelt_key_in_the_environment_is_refused():
    with pytest.raises(ConfigError, match=r"mail\.listne: no such key"):
        load(None, {"PRIVACY_INTAKE_MAIL__LISTNE": "x"})


def test_the_environment_can_name_the_file(tmp_path: Path):
    path = written(tmp_path, '[controller]\nname = "Named"\n')
    assert load(None, {"PRIVACY_INTAKE_CONFIG": str(path)}).controller.name == "Named"


def test_a_missing_file_is_a_fault():
    with pytest.raises(ConfigError, match="No such file"):
        load(Path("/nonexistent.toml"), {})


def test_a_secret_does_not_belong_in_the_file_and_is_never_shown(tmp_path: Path):
    with pytest.raises(ConfigError, match="secret"):
        load(written(tmp_path, '[mail]\nrelay_password = "hunter2"\n'), {})
    (tmp_path / "secret").write_text("hunter2\n")
    config = load(written(tmp_path, f'[mail]\nrelay_password_file = "{tmp_path}/secret"\n'), {})
    assert config.mail.relay_password == "hunter2"
    assert "hunter2" not in repr(config)


@pytest.mark.parametrize(
    "section",
    [
        '[mail]\naddresses = ["no address"]',
        '[mail]\nrelay = "ftp://x:1"',
        "[classify]\nworkers = 0",
        '[policy]\nmode = "never"',
        '[policy]\nacknowledge = {love = "send"}',
        '[replies]\nlanguages = ["Welsh"]',
        '[policy]\nsending_systems = ["News Letter"]\n',
    ],
)
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, section: str):
    with pytest.raises(ConfigError):
        load(written(tmp_path, section), {})


def test_check_prints_what_will_be_used_and_warns(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    done = bot.command("check")
    assert done.returncode == 0
    assert f'mail.listen = "127.0.0.1:{bot.port}"' in done.stdout
    assert "warning: nobody in [[staff]] has an email" in done.stdout
    assert "warning: policy.sending_systems is empty" in done.stdout


def test_check_warns_of_letters_that_wait_or_come_in_english(tmp_path: Path):
    more = '[policy]\nmode = "draft"\n[replies]\nlanguages = ["en", "cy"]\n'
    bot = BotProcess(tmp_path, more=more)
    bot.write_settings()
    said = " ".join(bot.command("check").stdout.split())
    assert "policy.mode is draft: no letter goes out until a person sends it" in said
    assert "26 kinds of letter are not written in cy, and go out in English" in said


def test_check_says_all_faults_and_run_says_the_same_before_any_port_is_opened(tmp_path: Path):
    bot = BotProcess(tmp_path)
    written(tmp_path, THREE_FAULTS)
    for command in ("check", "run"):
        done = bot.command(command)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 3
    assert not bot.data.exists()


def test_check_and_run_try_every_key_before_a_door_opens(tmp_path: Path):
    bot = BotProcess(tmp_path)
    keys = ("certificate_file", "relay_ca_file", "dkim_key_file")
    lines = [f'{key} = "away.{key}"' for key in keys]
    written(tmp_path, "\n".join(["[mail]", 'dkim_selector = "desk"', *lines]))
    for command in ("check", "run"):
        done = bot.command(command)
        assert done.returncode == 1
        said = [line.removeprefix("privacy-intake: ") for line in done.stderr.splitlines()[-3:]]
        assert said == [f"mail.{key}: away.{key}: No such file or directory" for key in keys]


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        bot = BotProcess(tmp_path, port=port)
        bot.write_settings()
        done = bot.command("run")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("privacy-intake: mail.listen: cannot listen on")


def test_the_example_configuration_is_a_good_one():
    config = load(ROOT / "deploy" / "privacy-intake.toml", {})
    assert config.mail.addresses == ("dataprotection@vitrifi.net",)
    assert imprint(config.controller).startswith("company number 13150446, Level 6")


def test_a_password_of_the_database_does_not_belong_in_the_file_and_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for address in ("postgresql://bot:hunter2@db/x", "postgresql://bot@db/x?password=hunter2"):
        with pytest.raises(ConfigError, match=r"data\.casebook: a password"):
            load(written(tmp_path, f'[data]\ncasebook = "{address}"\n'), {})
        config = load(None, {"PRIVACY_INTAKE_DATA__CASEBOOK": address})
        assert config.data.casebook == address
        assert "hunter2" not in repr(config)
    address = shared_server().schema() + "&password=hunter2"
    monkeypatch.setenv("PRIVACY_INTAKE_DATA__CASEBOOK", address)
    bot = BotProcess(tmp_path)
    bot.write_settings()
    done = bot.command("check", "--json")
    assert done.returncode == 0
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize("address", ["sqlite", "mysql://db/x", "postgresql:/x", ""])
def test_a_casebook_of_no_known_kind_is_refused(tmp_path: Path, address: str):
    with pytest.raises(ConfigError, match=r"data\.casebook"):
        load(written(tmp_path, f'[data]\ncasebook = "{address}"\n'), {})


def test_check_says_why_a_database_cannot_be_reached(tmp_path: Path):
    bot = BotProcess(tmp_path, casebook="postgresql://bot@127.0.0.1:1/nowhere")
    bot.write_settings()
    done = bot.command("check")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("privacy-intake: data.casebook: ")
    assert "refused" in line
