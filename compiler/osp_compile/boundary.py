"""The one place where an exception becomes an exit status and a line that says what to do."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

import click

from osp_compile.errors import RefusedError

DONE, WRONG, USAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130


def guarded(command: Callable[[], int | None]) -> int:
    """The status of `command`: its own, 2 for wrong usage, 3 for what the command could not help, 130 on Ctrl-C."""
    try:
        status = command() or DONE
        sys.stdout.flush()
        return status
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.UsageError as problem:
        problem.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted; nothing that was written before has changed", INTERRUPTED)
    except BrokenPipeError:
        # the reader has seen enough: no second complaint when Python flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as problem:
        return _say(_explain(problem), INTERNAL)


def _explain(problem: Exception) -> str:
    match problem:
        case RefusedError():
            return str(problem)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return f"no space left for {problem.filename or 'the bundle'}; the previous bundle is as it was"
        case OSError(errno=errno.EROFS):
            return f"{problem.filename or 'the output folder'} is on a read-only file system"
        case PermissionError():
            return f"not allowed to write or read {problem.filename or 'a file'}"
        case FileNotFoundError():
            return f"{problem.filename or 'a file'} is missing; is the installation complete?"
        case ModuleNotFoundError():
            return f"the Python package {problem.name} is missing; is the installation complete?"
        case OSError():
            return f"{problem.filename or 'the system'}: {problem.strerror or problem}"
        case MemoryError():
            return "out of memory"
        case _:
            words = " ".join(str(problem).split())[:200]
            return f"internal error, please report it: {type(problem).__name__}: {words}"


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"osp-compile: {message}\n")
    return status
