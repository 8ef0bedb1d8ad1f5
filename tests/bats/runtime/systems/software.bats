# The packages and the kernel of every host, before and after: what answers is kept whole, and what does not is said to have none.

bats_require_minimum_version 1.5.0
load ../helpers

# The stand-in gives what it is sent to a shell, as the far side does. n2 cannot be reached, n3 answers what the test lays down.
setup() {
  bundle_up
  tool ssh 'for word in "$@"; do if [[ $word == heat-admin@* ]]; then address=${word#*@}; fi; done
if [[ $address == 192.0.2.2 ]]; then echo "connect to host 192.0.2.2 port 22: No route to host" >&2; exit 255; fi
if [[ " $* " == *" -n "* ]]; then exit 0; fi
if [[ $address == 192.0.2.3 && -e $WORLD/answer ]]; then exec cat "$WORLD/answer"; fi
exec bash -s'
  tool sudo 'while [[ $1 == -H ]]; do shift; done; exec "$@"'
  tool uname 'echo 3.10.0-957.el7.x86_64'
  tool rpm 'if [[ -e $WORLD/no_rpmdb ]]; then echo "error: rpmdb open failed" >&2; exit 1; fi
printf "%s\n" openvswitch-2.9.0-19.el7fdp.1.x86_64 bash-4.2.46-31.el7.x86_64 gpg-pubkey-fd431d51-4ae0493b'
  mkdir -p "$STATE"
}

kept() {
  words ". lib/systems/software.sh; STATE=$STATE; keep_software ${1:-before}; cat \"\$SCRATCH/unlisted\""
  exits 0
}
lists() { (cd -- "$STATE/software" && ls); }

@test "the kernel and every package of each host that answers; of one that does not there is none" {
  kept
  same $'c1.before\nn1.before\nn3.before\nundercloud.before' "$(lists)"
  same $'kernel 3.10.0-957.el7.x86_64\nbash-4.2.46-31.el7.x86_64\ngpg-pubkey-fd431d51-4ae0493b\nopenvswitch-2.9.0-19.el7fdp.1.x86_64' \
    "$(cat "$STATE/software/n1.before")"
  same $'n2\t255\tconnect to host 192.0.2.2 port 22: No route to host' "$output"
}

@test "whatever else a node says is text, and no list" {
  local answer
  for answer in '$(touch "$WORLD/ran")' '; touch "$WORLD/ran"' $'kernel 3.10.0\n`touch $WORLD/ran`-1-2' $'bash-4.2-31.x86_64' '' \
    $'kernel 3.10.0' $'kernel 3.10.0\nbash-4.2-31.x86_64\nkernel 1' $'kernel \e[31m\nbash-4.2-31.x86_64' $'kernel 3.10.0\nbash-4.2-31\tx\ty'; do
    printf '%s\n' "$answer" >"$WORLD/answer"
    kept
    has $'n3\t0\twhat it says is not a list of packages'
    [[ ! -e $STATE/software/n3.before ]]
    if world ran; then return 1; fi
  done
}

@test "an answer without an end is cut off, and not kept" {
  { echo 'kernel 3.10.0' && yes bash-4.2-31.x86_64 | head --bytes=3000000; } >"$WORLD/answer"
  kept
  has $'n3\t0\twhat it says is not a list of packages'
  [[ ! -e $STATE/software/n3.before ]]
}

@test "a package database that is broken, and a node that hangs" {
  touch "$WORLD/no_rpmdb"
  tool timeout 'if [[ $* == *192.0.2.3*bash* ]]; then exit 124; fi
while [[ $1 == -* || $1 =~ ^[0-9]+$ ]]; do shift; done; exec "$@"'
  kept
  has $'undercloud\t1\terror: rpmdb open failed'
  has $'n3\t124\tn3 has not answered within 300 s'
  same '' "$(lists)"
}

@test "the newest list of before counts until the update has begun, and that one stands" {
  printf '2.04\t2.04-update-undercloud.sh\t-\tUpdate the undercloud\n' >"$BUNDLE/lib/sections.tsv"
  kept
  tool uname 'echo 3.10.0-1062.el7.x86_64'
  printf 'T\tito\tCHG1\td\t2.03\t2.03/1\t-\tstart\t-\n' >"$JOURNAL"
  kept
  has_kernel n1.before 3.10.0-1062
  tool uname 'echo 3.10.0-1160.el7.x86_64'
  printf 'T\tito\tCHG1\td\t2.04\t2.04/1\t-\tstart\t-\n' >>"$JOURNAL"
  kept
  has_kernel n1.before 3.10.0-1062
  same '' "$output"
  kept after
  has_kernel n1.after 3.10.0-1160
}
has_kernel() { grep --quiet --fixed-strings "kernel $2" "$STATE/software/$1"; }

@test "a list of an earlier after does not pass for today's; one of before stays" {
  kept
  kept after
  echo nothing >"$WORLD/answer"
  kept
  kept after
  [[ -e $STATE/software/n3.before && ! -e $STATE/software/n3.after && -e $STATE/software/n1.after ]]
}

@test "a check warns of what has no list, and not again of what does not answer at all" {
  touch "$WORLD/no_rpmdb"
  words ". lib/systems/software.sh; STATE=$STATE; keep_software before; warn() { printf '%s|%s\n' \"\$@\"; }; warn_of_unlisted"
  has 'n1: its packages cannot be listed for the ticket: error: rpmdb open failed|see what rpm says there, then run ./words ;; on n1: rpm --query --all'
  lacks 'n2:'
}

@test "a disk without room costs the list, and not the run" {
  tool dd 'echo "dd: No space left on device" >&2; exit 1'
  kept
  has $'n1\t0\tno room: '
  same '' "$(lists)"
}
