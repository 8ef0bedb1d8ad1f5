# The client's lists at a breakpoint, as the one who decides reads them.

load ../helpers

setup() { bundle_up; }

# lists CLEARED LISTS: what is being updated, and what is updated.
lists() {
  words '. "$BUNDLE/lib/systems/breakpoints.sh"; CLEARED='"$1"'; f() { local standing coming updating updated; sort_nodes "$1"; echo "$updating|$updated|$standing"; }; f "'"$2"'"'
}

@test "the node that went on last is being updated until the client calls it so" {
  lists n1 'on_breakpoint:n2 in_progress: completed: not_started:n3 failed:'
  same 'n1||n2' "$output"
  lists n1 'on_breakpoint:n2 in_progress: completed:n1 not_started:n3 failed:'
  same '|n1|n2' "$output"
  lists "''" 'on_breakpoint:n2 in_progress:n3 completed:n1 not_started: failed:'
  same 'n3|n1|n2' "$output"
}

@test "a node that has not come to its breakpoint in time is not waited for again" {
  words '. "$BUNDLE/lib/systems/breakpoints.sh"
    WAITED_FOR="" WAITING_SINCE=0 LEFT_BEHIND="" ORDER_LIMIT=0
    f() { for node in n1 n2 n1; do if may_wait_for "$node"; then echo "waits for $node"; else echo "goes on without $node"; fi; done; }
    pause() { :; }
    f; f'
  [ "$(grep -c 'n1 has not reached its breakpoint' <<<"$output")" -eq 1 ]
}

@test "what is waited for next has its time from the beginning" {
  words '. "$BUNDLE/lib/systems/breakpoints.sh"
    WAITED_FOR="" WAITING_SINCE=0; pause() { :; }; look_at_clock() { :; }
    while read -r STEADY what; do if keep_waiting "$what" 100; then echo on; else echo over; fi; done <<<"0 a
60 a
90 b
150 b
200 b"'
  same 'on on on on over' "$(grep -E '^(on|over)$' <<<"$output" | paste -sd' ')"
}

@test "a client that ends before it says anything leaves nobody waiting, and its status counts" {
  tool python2.7 'exit 3'
  words '. "$BUNDLE/lib/systems/breakpoints.sh"
    python_into() { printf -v "$1" python2.7; }
    tell_of_client() { echo "ended with $1"; }
    SCREEN_FD=1 COMPLAINT_FD=2
    converse client && echo on'
  same 'ended with 3 on' "$(grep -E '^(ended|on)' <<<"$output" | paste -sd' ')"
}
