"""terminal.py ANSWERS COMMAND...: runs COMMAND on a terminal of its own; types a line of ANSWERS at each `type ... stops here:`.

ANSWERS are separated by `|`; the words ^C and HANGUP press Ctrl-C and close the terminal. A word `TEXT=>ANSWER` answers when TEXT
has been shown instead. Prints what the terminal got; exits as COMMAND did, or 124 after 30 s.
"""

import os
import pty
import re
import select
import signal
import sys
import time

answers = [word for word in sys.argv[1].split("|") if word]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = b""
looked = 0
closed = False
end = time.monotonic() + 30
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
    if closed and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        break
else:
    os.kill(pid, signal.SIGKILL)
    sys.exit(124)
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
