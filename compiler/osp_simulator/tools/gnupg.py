"""gpg2 of the undercloud: a bundle that must be signed has the first allowed signer, or as the state says."""

from __future__ import annotations

import hashlib

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World

FLAGS = {"--batch": 0, "--no-tty": 0, "--no-options": 0, "--homedir": 1, "--status-fd": 1, "--verify": 2}


@tool("gpg2", facts=Facts(reaches="site", inline=False))
def gpg2(call: Call, world: World) -> int:
    words = list(call.argv)
    while words and words[0] != "--verify":
        if words[0] not in FLAGS:
            raise Refused(2, f'gpg: invalid option "{words[0]}"')
        del words[: 1 + FLAGS[words[0]]]
    if len(words) != 3:
        raise Refused(2, "usage: gpg [options] --verify SIGNATURE FILE")
    required = world.state["site"].get("require_signature") or []
    signer = world.state.get("signer", required[0] if required else "")
    key = (signer or hashlib.sha256(b"somebody").hexdigest()[:40]).upper()
    if not signer:
        call.stdout.write(f"[GNUPG:] ERRSIG {key[24:]} 1 8 00 1542916800 9\n[GNUPG:] NO_PUBKEY {key[24:]}\n")
        raise Refused(2, "gpg: Can't check signature: No public key")
    call.stdout.write(
        f"[GNUPG:] GOODSIG {key[24:]} Approver <approver@example.com>\n"
        f"[GNUPG:] VALIDSIG {key} 2018-11-22 1542916800 0 4 0 1 8 00 {key}\n"
    )
    return 0
