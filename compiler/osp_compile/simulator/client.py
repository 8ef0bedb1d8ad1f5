#!/usr/bin/python3 -IS
# mypy: ignore-errors
"""What every simulated tool's name leads to: hands the call and its descriptors to the world.

Runs inside the sandboxes at each call, so it imports built-in modules only. The message is NUL-separated after a
length of 4 bytes: which descriptors follow, number of arguments, arguments, cwd, environment. The answer likewise:
`exit N`, `signal N`, `exec ARGV...`, or `watch FOREGROUND KEY=VALUE ARGV...` (run ARGV, report
its wait status, ask again).
"""

import _signal
import _socket
import posix
import sys

SOCKET = "/run/osp-sim/socket"


def ask(connection, fields, fds=()):
    payload = b"\0".join(fields)
    ancillary = []
    if fds:
        packed = b"".join(fd.to_bytes(4, sys.byteorder) for fd in fds)
        ancillary = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, packed)]
    data = len(payload).to_bytes(4, "big") + payload
    sent = connection.sendmsg([data], ancillary)
    if sent < len(data):  # an empty send on a connection that was answered and closed already is a SIGPIPE
        connection.sendall(data[sent:])
    size = int.from_bytes(receive(connection, 4), "big")
    return receive(connection, size).split(b"\0")


def receive(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            die(9)  # the world ended, or this host went down
        data += more
    return data


def die(number):
    if number not in (9, 19):
        _signal.signal(number, _signal.SIG_DFL)
    posix.kill(posix.getpid(), number)
    posix._exit(128 + number)


def become(argv, env):
    try:
        posix.execve(argv[0], argv, env)
    except OSError as error:
        posix.write(2, b"%s: %s\n" % (argv[0], error.strerror.encode()))
        posix._exit(127 if isinstance(error, FileNotFoundError) else 126)


def find(name):
    if b"/" in name:
        return name
    for folder in posix.environ.get(b"PATH", b"/usr/local/bin:/usr/bin:/bin").split(b":"):
        path = (folder or b".") + b"/" + name
        if posix.access(path, 1):
            return path
    return name


def watch(answer):
    """Run the command as `timeout` does: in a process group of its own unless in the foreground, signals passed on."""
    foreground, variable, argv = answer[1], answer[2], answer[3:]
    if foreground == b"0":
        posix.setpgid(0, 0)
        _signal.signal(_signal.SIGTTIN, _signal.SIG_DFL)
        _signal.signal(_signal.SIGTTOU, _signal.SIG_DFL)
    pid = posix.fork()
    if pid == 0:
        key, value = variable.split(b"=", 1)
        env = dict(posix.environ)
        env[key] = value
        path = find(argv[0])
        try:
            posix.execve(path, argv, env)
        except OSError as error:
            words = error.strerror.encode()
            posix.write(2, b"timeout: failed to run command '%s': %s\n" % (argv[0], words))
            posix._exit(127 if isinstance(error, FileNotFoundError) else 126)
    for number in (1, 2, 3, 15):
        _signal.signal(number, lambda number, _frame: posix.kill(pid, number))
    while True:
        try:
            return posix.waitpid(pid, 0)[1]
        except InterruptedError:
            continue


def main():
    for number in (2, 13, 25):
        _signal.signal(number, _signal.SIG_DFL)
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.connect(SOCKET)
    except OSError:
        die(9)
    posix.set_inheritable(connection.fileno(), False)
    fds = []
    for fd in (0, 1, 2):
        try:
            posix.fstat(fd)
            if fd != connection.fileno():
                fds.append(fd)
        except OSError:
            pass
    try:
        cwd = posix.getcwdb()
    except OSError:
        cwd = b"/"
    argv = [word.encode("utf-8", "surrogateescape") for word in sys.argv]
    env = [key + b"=" + value for key, value in posix.environ.items()]
    fields = [b"call", b",".join(b"%d" % fd for fd in fds), b"%d" % len(argv), *argv, cwd, *env]
    answer = ask(connection, fields, fds)
    while answer[0] == b"watch":
        answer = ask(connection, [b"done", b"%d" % watch(answer)])
    if answer[0] == b"exec":
        become(answer[1:], posix.environ)
    if answer[0] == b"signal":
        die(int(answer[1]))
    posix._exit(int(answer[1]))


main()
