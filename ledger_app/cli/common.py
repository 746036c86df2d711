"""What every sub-command shares: the group, options everywhere, exit codes, JSON."""

from __future__ import annotations

import getpass
import json
import traceback
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from ledger_app import paths
from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.services import opening
from ledger_app.services.opening import MIGRATIONS, Migration
from ledger_app.services.session import back_up_first

FILE = click.Path(path_type=Path)


class Today(click.ParamType[date]):
    name = "DATE"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2025-09-30。", param, ctx)


class LedgerName(click.ParamType[Entity]):
    name = "LEDGER"

    def convert(self, value: Any, param: Any, ctx: Any) -> Entity:
        if isinstance(value, Entity):
            return value
        registry = registry_of(ctx)
        if value not in registry:
            known = " ".join(e.name for e in registry.places)
            self.fail(f"没有“{value}”这个台账，可用的有：{known}", param, ctx)
        return registry[value]


def everywhere(command: Callable[..., Any]) -> Callable[..., Any]:
    """--today and --operator, before or after the sub-command."""
    command = click.option("--today", type=Today(), default=None, help="按这一天判断到期、未来日期")(command)
    return click.option("--operator", default=None, help="操作员姓名")(command)


def _remember(ctx: click.Context, today: date | None, operator: str | None) -> None:
    said = ctx.ensure_object(dict)
    if today:
        said["today"] = today
    if operator:
        said["operator"] = operator


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "经办"


class Command(click.Command):
    """A sub-command that takes the options everywhere and turns refusals into exit 1."""

    def invoke(self, ctx: click.Context) -> Any:
        _remember(ctx, ctx.params.pop("today", None), ctx.params.pop("operator", None))
        try:
            return super().invoke(ctx)
        except LedgerError as error:
            self._refuse(ctx, error.text, error.code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            self._refuse(
                ctx, f"读写文件出错：{error.strerror or error}（{error.filename or ''}）。", "io_error"
            )
        except Exception:  # noqa: BLE001 - whatever it is, the clerk gets a sentence and the log the rest
            log = write_log(traceback.format_exc())
            self._refuse(ctx, f"程序出错，这一步没有做成。详情记在 {log}，请发给维护人员。", "internal")

    @staticmethod
    def _refuse(ctx: click.Context, text: str, code: str) -> None:
        if ctx.params.get("as_json"):
            echo_json({"error": {"code": code, "text": text}})
        click.echo(text, err=True)
        ctx.exit(1)


def write_log(text: str) -> Path:
    """Append to the error log; its path."""
    path = paths.log_dir() / "errors.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')}\n{text}\n")
    return path


@click.group()
@everywhere
@click.pass_context
def cli(ctx: click.Context, today: date | None, operator: str | None) -> None:
    """县级水资源台账。不带子命令（或只带一个台账文件）时打开窗口。"""
    _remember(ctx, today, operator)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    def wrap(function: Callable[..., Any]) -> click.Command:
        return cli.command(name, cls=Command)(everywhere(function))

    return wrap


json_option = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")


def echo_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def today_of(ctx: click.Context) -> date:
    return ctx.obj.get("today") or date.today()  # noqa: DTZ011 - the clerk's own calendar day


def operator_of(ctx: click.Context) -> str:
    return str(ctx.obj.get("operator") or _user())


def registry_of(ctx: click.Context) -> Registry:
    """The ledgers of this program; a caller may hand in others (`obj`)."""
    found: Registry = (ctx.find_root().obj or {}).get("registry", LEDGERS)
    return found


def migrations_of(ctx: click.Context) -> Sequence[Migration]:
    found: Sequence[Migration] = (ctx.find_root().obj or {}).get("migrations", MIGRATIONS)
    return found


def session(ctx: click.Context, file: Path, *, write: bool = False) -> Any:
    return opening.opened(
        file,
        registry_of(ctx),
        who=operator_of(ctx),
        today=today_of(ctx),
        write=write,
        migrations=migrations_of(ctx),
        before_migration=back_up_first,
    )
