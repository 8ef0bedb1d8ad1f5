"""The system calls that a sandbox is refused: none of a rehearsed script needs them, and each leads out of it.

Root of a sandbox has every right within it: a mount that is read-only there is writable again after `mount -o remount`,
and the programs of the machine, or the bundle whose digest a report vouches for, would be changed through it. A user
who makes a user namespace has the same rights, and could show the world's server a folder of his own in the place of
the one that says who he is. Keyrings, traces and typing for a terminal (TIOCSTI) know no namespaces at all.
"""

from __future__ import annotations

# {call: (its number on x86_64, its number on aarch64)}: asm/unistd_64.h, asm-generic/unistd.h; None: it has none there
CALLS: dict[str, tuple[int, int | None]] = {
    # other mounts, another root, another namespace
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "userfaultfd": (323, 282), "perf_event_open": (298, 241), "bpf": (321, 280),
    # the keys of whoever rehearses
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    # the machine itself
    "syslog": (103, 116), "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "clock_adjtime": (305, 266), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "quotactl": (179, 60), "quotactl_fd": (443, 443), "vhangup": (153, 58),
    "lookup_dcookie": (212, 18), "fanotify_init": (300, 262), "iopl": (172, None), "ioperm": (173, None),
    "modify_ldt": (154, None),
}  # fmt: skip
# it makes sockets, which network.py refuses; whoever asks is told what a machine without a network says
UNREACHABLE = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
CLONE, CLONE3, IOCTL = (56, 220), (435, 435), (16, 29)
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; clone3 has its flags where no filter can look
NAMESPACES = 0x7E020000
# what types for whoever sits at the terminal, and what a console of Linux has instead
TYPING = (0x5412, 0x541C)
