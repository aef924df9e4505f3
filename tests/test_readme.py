"""The README names every setting, command, outcome, event, label and letter; and none that is not."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from typer.main import get_command

from bot.cli import add_desk_commands, app
from bot.config import Config, StaffConfig
from replies.facts import KINDS
from store.casebook import End
from store.events import Event, Outcome
from store.law import Label

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def settings() -> list[str]:
    names = []
    for section, described in Config.model_fields.items():
        model = StaffConfig if section == "staff" else described.annotation
        assert model is not None
        assert issubclass(model, BaseModel)
        names += [f"{section}.{field.alias or key}" for key, field in model.model_fields.items()]
    return names


def commands() -> list[str]:
    add_desk_commands()
    return list(get_command(app).commands)  # type: ignore[attr-defined]  # a group has commands


@pytest.mark.parametrize("name", settings())
def test_every_setting_is_explained(name: str):
    assert f"`{name}`" in README


def test_no_setting_is_explained_that_is_not_there():
    explained = re.findall(r"^\| (`[^|]+`) \|", README, re.MULTILINE)
    named = [name for cell in explained for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", cell)]
    assert set(named) <= set(settings())
    assert named


@pytest.mark.parametrize("name", commands())
def test_every_command_is_named(name: str):
    assert f"    privacy-intake {name}" in README


def test_no_command_is_named_that_is_not_there():
    assert set(re.findall(r"^    privacy-intake ([a-z-]+)", README, re.MULTILINE)) == set(
        commands()
    )


@pytest.mark.parametrize("word", [*Outcome, *Label, *KINDS, *(End)])
def test_every_outcome_label_letter_and_end_is_named(word: str):
    assert word in README


@pytest.mark.parametrize("event", [e.__dataclass_fields__["kind"].default for e in get_args(Event)])
def test_every_kind_of_event_is_named(event: str):
    assert f"`{event}`" in README


def test_the_defaults_are_those_of_the_code():
    for section, described in Config.model_fields.items():
        if section == "staff":
            continue
        for key, field in described.annotation.model_fields.items():  # type: ignore[union-attr]
            default = field.default
            if isinstance(default, str | int | float) and default not in ("", None):
                cell = f"{default:g}" if isinstance(default, float) else str(default)
                cell = cell.lower() if isinstance(default, bool) else cell
                assert f"`{cell}`" in README, f"{section}.{key}"
