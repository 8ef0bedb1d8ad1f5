"""signalled.py SIGNAL:group|alone[:told]... -- COMMAND...: runs COMMAND in a session of its own.

Sends the next signal to its process group, or to itself alone, whenever a line comes into the fifo $WORLD/fifo;
`told` writes a line into $WORLD/sent afterwards. Prints its output; exits as it did, or 124 after 120 s, and says so.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

split = sys.argv.index("--")
plan = [word.split(":") for word in sys.argv[1:split]]


def default_signals() -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


process = subprocess.Popen(
    sys.argv[split + 1 :],
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
    stderr=subprocess.STDOUT,
    start_new_session=True,
    preexec_fn=default_signals,
)


def send() -> None:
    # One opening for all lines, for writing too so that it never ends: opened again, it could find the last writer
    # still there, and take its going for a line.
    with Path(os.environ["WORLD"], "fifo").open("rb+", buffering=0) as fifo:
        for name, whom, *told in plan:
            fifo.readline()
            number = getattr(signal, f"SIG{name}")
            if whom == "group":
                os.killpg(process.pid, number)
            else:
                os.kill(process.pid, number)
            if told:
                with Path(os.environ["WORLD"], "sent").open("w", encoding="ascii") as sent:
                    sent.write("sent\n")


threading.Thread(target=send, daemon=True).start()
try:
    output = process.communicate(timeout=120)[0]
except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    output = process.communicate(timeout=10)[0]
    sys.stdout.buffer.write(output + f"\nwaited 120 s for the end of: {process.args}\n".encode())
    sys.stdout.flush()
    sys.exit(124)
sys.stdout.buffer.write(output)
sys.stdout.flush()
sys.exit(process.returncode if process.returncode >= 0 else 128 - process.returncode)
