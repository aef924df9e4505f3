"""`export` and `import` as commands: who may, and what they say when they cannot."""

from pathlib import Path

import pytest

from bot.control import own_login
from tests.processes import BotProcess


def test_only_a_lead_moves_everything(tmp_path: Path):
    staff = f'[[staff]]\nname = "Us"\nlogin = "{own_login()}"\nroles = ["handler"]\n'
    bot = BotProcess(tmp_path / "bot", more=staff)
    bot.write_settings()
    for words in (("export", str(tmp_path / "one")), ("import", str(bot.settings))):
        done = bot.command(*words)
        assert done.returncode == 1
        assert done.stderr == "privacy-intake: Us is no lead here\n"
    assert not (tmp_path / "one").exists()


@pytest.mark.slow
def test_a_move_wants_the_data_folder_to_itself_and_a_file_that_is_an_export(tmp_path: Path):
    with BotProcess(tmp_path / "bot") as bot:
        bot.start()
        one = tmp_path / "one"
        busy = bot.command("export", str(one))
        assert "another privacy-intake is at work" in busy.stderr
        assert bot.stop() == 0
        assert bot.command("export", str(one)).stdout == f"written: {one}\n"
        assert "is there already" in bot.command("export", str(one)).stderr
        assert bot.command("import", str(one)).stdout == f"taken in: {one}\n"
        assert "no export" in bot.command("import", str(bot.settings)).stderr
        assert "No such file" in bot.command("import", str(tmp_path / "two")).stderr
