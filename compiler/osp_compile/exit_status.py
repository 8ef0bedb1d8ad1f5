"""Turns an exception into an exit status and one line that says what to do; nothing else does."""

from __future__ import annotations

import errno
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from osp_compile.diagnostics import RefusedError
from osp_compile.interruption import ENDING, done
from osp_compile.output import stderr_failures_ignored, tell_refusal

DONE, USAGE, INTERNAL, INTERRUPTED = 0, 2, 3, 130


class EndedError(BaseException):
    """A signal asked the command to end; what it had started is cleaned up first."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Within this context a signal raises EndedError; a second signal does not interrupt the cleanup."""
    # a signal that nohup or the shell ignores stays ignored
    before = {one: signal.getsignal(one) for one in ENDING}
    ours = {one: handler for one, handler in before.items() if handler is not signal.SIG_IGN}

    def end(number: int, _: FrameType | None) -> NoReturn:
        for one in ours:
            signal.signal(one, signal.SIG_IGN)
        raise EndedError(number)

    for one in ours:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one, handler in ours.items():
            signal.signal(one, handler)


def guarded(command: Callable[[], int | None], as_json: bool = False) -> int:
    """The exit status of `command`: its own, 2 for wrong usage, 3 for a refusal or an internal error, 130 on Ctrl-C."""
    done.clear()
    try:
        return command() or DONE
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.UsageError as problem:
        with stderr_failures_ignored():
            problem.show()
        return USAGE
    except EndedError as ended:
        return _say(_interrupted(), ended.status, as_json)
    except (click.Abort, KeyboardInterrupt):
        return _say(_interrupted(), INTERRUPTED, as_json)
    except Exception as problem:
        return _say(_explain(problem), INTERNAL, as_json)


def _interrupted() -> str:
    return f"interrupted; {done[-1] if done else 'nothing that was written before has changed'}"


def _explain(problem: Exception) -> str:
    match problem:
        case RefusedError():
            return str(problem)
        case OSError():
            return _explain_system(problem)
        case ModuleNotFoundError():
            return f"the Python package {problem.name} is missing; is the installation complete?"
        case MemoryError():
            return "out of memory"
        case _:
            from osp_compile.error_log import keep

            words, log = " ".join(str(problem).split())[:200], keep(problem)
            return f"internal error: {type(problem).__name__}: {words}; please report it{f' with {log}' if log else ''}"


def _explain_system(problem: OSError) -> str:
    match problem:
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return f"no space left for {problem.filename or 'the bundle'}; the previous bundle is as it was"
        case OSError(errno=errno.EROFS):
            return f"{problem.filename or 'the output folder'} is on a read-only file system"
        case PermissionError():
            return f"not allowed to write or read {problem.filename or 'a file'}"
        case FileNotFoundError():
            return f"{problem.filename or 'a file'} is missing; is the installation complete?"
        case _:
            return f"{problem.filename or 'the system'}: {problem.strerror or problem}"


def _say(message: str, status: int, as_json: bool) -> int:
    tell_refusal(message, as_json)
    return status
