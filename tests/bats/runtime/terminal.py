"""terminal.py ANSWERS COMMAND...: runs COMMAND on a terminal of its own and types ANSWERS, joined by `|`.

Each is typed at `stops here:`, one written `TEXT=>ANSWER` at TEXT; ^C and HANGUP press Ctrl-C and close the terminal.
Prints what it got; exits as COMMAND did, or 124 after $TERMINAL_SECONDS (12); after HANGUP, with the status of
the shell that led the session.
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
pid, terminal = pty.fork()
if pid == 0:
    os.close(still_there)
    os.set_inheritable(held, hangs_up)
    # a runner in the background ignores what a terminal's keys send, and bash cannot trap what was ignored before it
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    # as in a login: the shell leads the session, dies with the terminal, and takes the run's group with it
    leader = ["bash", "-c", '"$@"; exit "$?"', "bash"] if hangs_up else []
    command = leader + sys.argv[2:]
    os.execvp(command[0], command)
os.close(held)
seen = b""
looked = 0
closed = False
end = time.monotonic() + float(os.environ.get("TERMINAL_SECONDS", "12"))
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
    os.kill(pid, signal.SIGKILL)
    sys.exit(124)
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
