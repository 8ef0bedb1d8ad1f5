"""Talks with `openstack overcloud update stack -i` on a terminal of its own. Python 2.7 and 3, standard library only.

    update_client.py ASKED ANSWERS LOG COMMAND...

At each prompt one line goes to the FIFO ASKED: the client's lists, `on_breakpoint:a,b in_progress:c completed: not_started:`. One line
comes back from the FIFO ANSWERS: `clear NAME`, or `again`. The client takes what is typed for a regular expression, an empty line for
any node it likes, and `no` for an order to roll back; so what is typed is one name, escaped, or a pattern that matches nothing.
When ANSWERS ends the client is made to quit, which leaves the update as it is. Ends with the client's exit status.
"""

from __future__ import print_function

import os
import pty
import re
import select
import signal
import sys
import termios

CONTROLS = re.compile(u"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PROMPT = re.compile(r"Breakpoint reached, continue\?[^\n]*: $")
STATES = ("on_breakpoint", "in_progress", "completed", "not_started", "failed")
LIST = re.compile(r"^(%s): \[(.*)\]\s*$" % "|".join(STATES))
NAME = re.compile(r"u?['\"]([^'\"]*)['\"]")
# It is a prompt if nothing follows it for this long, seconds: a read may end in the middle of what the client writes.
SETTLED = 0.05
# Between two prompts, `busy` goes to ASKED after so many polls of the client's (5 s each): it is still at work.
POLLS = 60
NOTHING = "(?!)"
QUIT = b"\x03"
# A client in Python that is just about to wait misses the key: it is pressed again every UNHEARD seconds, PRESSED times at most.
UNHEARD = 1
PRESSED = 60


class Screen(object):
    """The client's output: whole lines to the operator and the log, its lists kept, its prompt held back."""

    def __init__(self, log):
        self.log = log
        self.text = ""
        self.last = None
        self.lists = {}
        self.polls = 0

    def feed(self, data):
        """Take bytes of the client; true when it is at its prompt."""
        self.text += CONTROLS.sub("", data.decode("utf-8", "replace"))
        while "\n" in self.text:
            line, self.text = self.text.split("\n", 1)
            self.line(line)
        if not PROMPT.search(self.text):
            return False
        self.log.write(self.text.encode("utf-8") + b"\n")
        self.text = ""
        return True

    def line(self, line):
        """Show a line, but no line twice in a row; after WAITING come all lists that are not empty."""
        self.log.write(line.encode("utf-8") + b"\n")
        if line.strip() in ("WAITING", "IN_PROGRESS"):
            self.lists = {}
        self.polls = self.polls + 1 if line.strip() == "IN_PROGRESS" else 0
        found = LIST.match(line)
        if found:
            self.lists[found.group(1)] = NAME.findall(found.group(2))
        elif line.strip() and line != self.last:
            self.last = line
            # bytes: on a character that is not ASCII, Python 2.7 would end with an error, and with it the client
            getattr(sys.stdout, "buffer", sys.stdout).write(("        " + line + "\n").encode("utf-8", "replace"))
            sys.stdout.flush()

    def asked(self):
        """The lists, for the one who decides."""
        return " ".join("%s:%s" % (state, ",".join(self.lists.get(state, ()))) for state in STATES)


def typed(answer):
    """What goes to the client for an answer; any other text counts as `again`."""
    word, _, name = answer.strip().partition(" ")
    if word == "clear" and name:
        return re.sub(r"([^A-Za-z0-9_-])", r"\\\1", name)
    return NOTHING


def start(command):
    """The command on a new terminal, without echo; (pid, the terminal's master)."""
    pid, master = pty.fork()
    if pid == 0:
        # started in the background, it would ignore the key that makes it quit
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # it would keep the conversation open that this program was ended in
        os.closerange(3, 1024)
        os.execvp(command[0], command)
    modes = termios.tcgetattr(master)
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(master, termios.TCSANOW, modes)
    return pid, master


def read(master):
    """The next bytes; none when the client is gone."""
    try:
        return os.read(master, 65536)
    except OSError:
        return b""


def end(pid, master):
    """Make the client quit, and read what it still says; one that will not is killed, which leaves the update as it is too."""
    for _ in range(PRESSED):
        try:
            os.write(master, QUIT)
        except OSError:
            return
        while select.select([master], [], [], UNHEARD)[0]:
            if not read(master):
                return
    os.kill(pid, signal.SIGKILL)


def converse(screen, master, asked, answers):
    """Until the client ends, or nobody answers any more; true where the client is still there."""
    while True:
        # ANSWERS is readable although nothing was asked: whoever answers has ended
        if answers in select.select([master, answers], [], [])[0]:
            return True
        data = read(master)
        if not data:
            return False
        prompted = screen.feed(data)
        if screen.polls >= POLLS:
            screen.polls = 0
            asked.write("busy\n")
            asked.flush()
        if not prompted or select.select([master], [], [], SETTLED)[0]:
            continue
        asked.write(screen.asked() + "\n")
        asked.flush()
        answer = answers.readline()
        if not answer:
            return True
        os.write(master, typed(answer).encode("utf-8") + b"\n")


def main(arguments):
    """The client's exit status, as a shell would give it."""
    to_ask, to_answer, log_name, command = arguments[0], arguments[1], arguments[2], arguments[3:]
    with open(to_ask, "w") as asked, open(to_answer) as answers, open(log_name, "ab", 0) as log:
        pid, master = start(command)
        screen = Screen(log)
        try:
            left = converse(screen, master, asked, answers)
        except IOError:
            left = True
        if left:
            end(pid, master)
    _, status = os.waitpid(pid, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
