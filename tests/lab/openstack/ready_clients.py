"""Newton's clients, imported once: each call of one is a fork of this, since to import them takes longer than to ask.

    ready_clients.py SOCKET        as root on the undercloud, by Newton's own Python 2.7

A call comes from ask_client.py: its descriptors 0, 1 and 2, then a length of 4 bytes and, joined by NULs, the folder,
the umask, the client's name, the number of arguments, the arguments and the environment. The answer is the exit status.
The client runs as whoever asks, and is killed where that one goes away.
"""

from __future__ import print_function

import _multiprocessing
import atexit
import os
import pwd
import random
import select
import signal
import socket
import struct
import sys
import traceback

SHELLS = {"openstack": "openstackclient", "nova": "novaclient", "heat": "heatclient", "ironic": "ironicclient",
          "neutron": "neutronclient"}  # fmt: skip
PEER = 17  # SO_PEERCRED
# what newton.interpreter() sets for a client that is started
OWN = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONWARNINGS", "no_proxy")


def take_in():
    """Import the shells, and every command that the openstack client may come to look up."""
    import pkg_resources

    for package in SHELLS.values():
        __import__(package + ".shell")
    for found in pkg_resources.working_set:
        for group, entries in found.get_entry_map().items():
            if group.startswith("openstack."):
                for entry in entries.values():
                    try:
                        entry.load()
                    except Exception:  # a plugin that the client itself passes over as well
                        pass


def serve(place):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.path.exists(place):
        os.unlink(place)
    listener.bind(place)
    os.chmod(place, 0o666)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            try:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                watch(connection)
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(0)
        connection.close()


def watch(connection):
    """Have the client run, and tell how it ended; whoever hangs up ends it."""
    _, uid, gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, PEER, 12))
    receive = _multiprocessing.recvfd  # type: ignore[attr-defined]  Python 2.7 has it
    descriptors = [receive(connection.fileno()) for _ in range(3)]
    (size,) = struct.unpack("!I", exactly(connection, 4))
    fields = exactly(connection, size).split(b"\0")
    ended, running = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            os.close(ended)
            connection.close()
            for number, descriptor in enumerate(descriptors):
                os.dup2(descriptor, number)
                os.close(descriptor)
            become(uid, gid)
            status = run(*fields)
        except BaseException:
            traceback.print_exc()
            status = 70
        os._exit(status)
    os.close(running)
    for descriptor in descriptors:
        os.close(descriptor)
    ready, _, _ = select.select([connection, ended], [], [])
    if ended not in ready:
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    connection.sendall(str(code).encode())


def exactly(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise EOFError("the client went away")
        data += more
    return data


def become(uid, gid):
    os.initgroups(pwd.getpwuid(uid).pw_name, gid)
    os.setgid(gid)
    os.setuid(uid)


def run(folder, umask, name, count, *rest):
    """What /opt/newton/bin/NAME does, here."""
    arguments, environment = rest[: int(count)], rest[int(count) :]
    own = {key: os.environ[key] for key in OWN if key in os.environ}
    os.environ.clear()
    os.environ.update(word.split("=", 1) for word in environment)
    os.environ.update(own)
    os.chdir(folder)
    os.umask(int(umask))
    random.seed()  # it was seeded before the fork
    sys.argv = ["/opt/newton/bin/" + name]
    sys.argv.extend(arguments)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", 0)
    status = 0
    try:
        main = sys.modules[SHELLS[name] + ".shell"].main
        # neutron's has for a default what the words were when it was imported
        sys.exit(main(sys.argv[1:]) if name == "neutron" else main())
    except SystemExit as left:
        if isinstance(left.code, str):
            print(left.code, file=sys.stderr)
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except IOError:
        pass
    return status & 255


if __name__ == "__main__":
    here = sys.argv[1]
    sys.argv = ["/opt/newton/bin/openstack"]  # that client looks at its name when it is imported
    take_in()
    serve(here)
