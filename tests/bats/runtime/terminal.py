"""terminal.py ANSWERS COMMAND...: runs COMMAND on a terminal of its own and types ANSWERS, joined by `|`.

Each is typed at `stops here:`, one written `TEXT=>ANSWER` at TEXT; ^C and HANGUP press Ctrl-C and close the terminal.
The first may be `BEFORE=>TEXT`: it has been typed when COMMAND begins. An answer of several lines is typed at once.
Prints what it got; exits as COMMAND did, or 124 after $TERMINAL_SECONDS (60), and says why; after HANGUP,
with the status of the shell that led the session.
"""

import os
import pty
import re
import select
import signal
import sys
import time

answers = [word for word in sys.argv[1].split("|") if word]
hangs_up = any(word.endswith("HANGUP") for word in answers)
still_there, held = os.pipe()
ready, begins = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.close(still_there)
    os.close(begins)
    os.read(ready, 1)
    os.close(ready)
    os.set_inheritable(held, hangs_up)
    # a runner in the background ignores what a terminal's keys send, and bash cannot trap what was ignored before it
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    # as in a login: the shell leads the session, dies with the terminal, and takes the run's group with it
    leader = ["bash", "-c", '"$@"; exit "$?"', "bash"] if hangs_up else []
    command = leader + sys.argv[2:]
    os.execvp(command[0], command)
os.close(held)
os.close(ready)
if answers and answers[0].startswith("BEFORE=>"):
    os.write(terminal, answers.pop(0).partition("=>")[2].encode() + b"\n")
os.close(begins)
seen = b""
looked = 0
closed = False
seconds = float(os.environ.get("TERMINAL_SECONDS", "60"))
end = time.monotonic() + seconds


def show(text):
    sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
    sys.stdout.flush()


def give_up(what):
    os.kill(pid, signal.SIGKILL)
    show(seen + f"\nwaited {seconds:g} s for {what}\n".encode())
    sys.exit(124)


while time.monotonic() < end:
    if not closed and select.select([terminal], [], [], 0.05)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            break
        seen += data
        if answers:
            cue, _, answer = answers[0].rpartition("=>")
            found = re.search(re.escape(cue).encode() if cue else rb"stops here:", seen[looked:])
            if found:
                looked += found.end()
                answers.pop(0)
                if answer == "HANGUP":
                    os.close(terminal)
                    closed = True
                else:
                    os.write(terminal, b"\x03" if answer == "^C" else answer.encode() + b"\n")
    # the pipe ends with the last process of the run
    if closed and select.select([still_there], [], [], 0.05)[0]:
        break
else:
    give_up(f"the place to type {answers[0]!r} at" if answers else f"the end of {sys.argv[2:]}")
if not select.select([os.pidfd_open(pid)], [], [], max(0.0, end - time.monotonic()))[0]:
    give_up(f"the end of {sys.argv[2:]}, which has left its terminal")
status = os.waitpid(pid, 0)[1]
show(seen)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
