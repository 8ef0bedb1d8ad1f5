"""Scripts whose deploy command import works out: the words are those that bash itself gives to the client."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from osp_compile.importing import deploy_command, deploy_script
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.deploy_command import Command
from osp_compile.importing.text import Text

# the client: one line for each word that it is given, and an empty one after the last
CLIENT = r"""
openstack() { [ "$1 $2" = "overcloud deploy" ] && shift 2 && printf '<%s>\n' "$@" && echo; }
export -f openstack
"""
DEPLOY = "openstack overcloud deploy --templates"

AS_BASH = {
    "locals are gone after the function": f"X=a; f() {{ local X=b; }}; f; {DEPLOY} -e $X",
    "a local without a value hides the outer one": f"X=--debug; f() {{ local X; {DEPLOY} $X; }}; f",
    "declare in a function is local": f"X=a; f() {{ declare X=b; declare -g Y=c; }}; f; {DEPLOY} -e $X -e $Y",
    "an assignment before a call counts within it": f"F=a; go() {{ {DEPLOY} -e $F; }}; F=b go",
    "an assignment before a command does not last": f"F=a; F=b true; {DEPLOY} -e $F",
    "a variable that was unset": f"X=a; unset X; {DEPLOY} -e ${{X-b}} ${{X:+-e c}} -e ${{X:=d}} -e $X",
    "a round that is skipped": f"E=; for f in a b c; do [[ $f == b ]] && continue; E+=\" -e $f\"; done; {DEPLOY} $E",
    "a loop that is left": f"E=; for f in a b c; do if [ $f = b ]; then break; fi; E=\"$E -e $f\"; done; {DEPLOY} $E",
    "two loops left": f"E=; for f in a b; do for g in x y; do E+=\" -e $f$g\"; break 2; done; done; {DEPLOY} $E",
    "a function that is left": f"X=a; f() {{ [ -n \"$1\" ] || return 0; X=b; }}; f ''; {DEPLOY} -e $X",
    "a function that is left in a branch": f"X=a; f() {{ if [ $1 = 1 ]; then return; fi; X=b; }}; f 2; {DEPLOY} -e $X",
    "return outside of a function": f"return 0 2>/dev/null; {DEPLOY} -e a",
    "nothing runs after exit": f"{DEPLOY} -e a; exit 0; {DEPLOY} -e old",
    "nothing runs after a function that exits": f"die() {{ exit 1; }}; {DEPLOY} -e a; die x; {DEPLOY} -e b",
    "exit in a subshell ends that alone": f"(exit 0); {DEPLOY} -e a",
    "exit on a way that is not taken": f"V=1; if [ \"$V\" = '' ]; then exit 1; fi; {DEPLOY} -e $V",
    "counted up": f"N=2; ((N++)); let N=N+1; ((N += 2)); {DEPLOY} --compute-scale $N --control-scale $((N * 2 - 1))",
    "a text given to an array is its first entry": f"A=(-e a); A=--debug; {DEPLOY} -e ${{A[@]}}",
    "an array that grows by its length": f"A=(); A[${{#A[@]}}]=-e; A[${{#A[*]}}]=a; {DEPLOY} \"${{A[@]}}\"",
    "a stand-in with quotes": f"F='a b'; {DEPLOY} ${{F:+-e \"$F\"}} -e ${{F:+\"$F\"}}",
    "a tilde before a quote": f"{DEPLOY} -e ~\"/a.yaml\" -e ~/b.yaml -e \"~/c.yaml\"",
    "escapes of a C string": f"{DEPLOY} -e $'/\\x41\\101\\t\\'.yaml'",
    "eval sets what comes after it": f"X=a; eval \"X=b\"; {DEPLOY} -e $X",
    "eval of several words": f"logged() {{ eval $*; }}; logged {DEPLOY} -e a --debug",
    "eval of a function's name": f"go() {{ {DEPLOY} -e $1; }}; eval go b",
    "eval of set": f"eval set -- -e a -e b; {DEPLOY} \"$@\"",
    "in the background": f"X=a; {{ X=b; }} & {DEPLOY} -e $X",
    "in small letters": f"declare -l S=PROD; typeset -u T=t; {DEPLOY} --stack $S -e $T",
    "a dead branch": f"if false; then {DEPLOY} -e a; elif true; then {DEPLOY} -e b; else {DEPLOY} -e c; fi",
    "a decided branch": f"HA=yes; if [[ $HA == yes && 3 -gt 2 ]]; then O='-e ha'; else O=; fi; {DEPLOY} $O",
    "a flag that is a command": f"A=true; B=false; if $A && ! $B; then O=--debug; fi; $B || O+=' -e a'; {DEPLOY} $O",
    "a flag that is empty": f"A=; if $A; then O=--debug; else O=; fi; B=/bin/false; ${{B}} && O=; {DEPLOY} $O",
    "a flag in quotes": f"A=true; O=; if \"$A\"; then O=--debug; fi; {DEPLOY} $O",
    "a test that a variable has": f"T='[ a = a ]'; O=; if $T; then O=--debug; fi; {DEPLOY} $O",
    "a list of conditions": f"A=; [ -n \"$A\" ] && O=-x || O=--debug; {DEPLOY} $O",
    "a decided case": f"V=10; case $V in 9|8) F=a ;; 1*) F=b ;; *) F=c ;; esac; {DEPLOY} -e $F",
    "a case with quotes": f"V='*'; case $V in \"x\") F=a ;; '*') F=b ;; esac; {DEPLOY} -e $F",
    "set once more": f"set -- -e a; set -- \"$@\" -e b; [ -n '' ] && set -- c; {DEPLOY} \"$@\"",
    "for without in": f"f() {{ E=; for x; do E=\"$E -e $x\"; done; {DEPLOY} $E; }}; f a b",
    "words given": f"f() {{ {DEPLOY} \"${{@:2}}\" -e $# -e ${{!#}} -e \"${{@:1:1}}\"; }}; f x -e a",
    "a slice": f"X=abcd; L=(-e a -e b); {DEPLOY} -e ${{X:1:2}} ${{L[@]:2}} \"${{L[@]:0:2}}\" -e ${{#X}}${{#L[@]}}",
    "replaced": f"X=a-b-a; L=(a b); {DEPLOY} -e ${{X//a/x}} -e ${{X/#a/y}} -e ${{X/%a/z}} ${{L[@]/#/-e }}",
    "in capitals": f"X=abC; {DEPLOY} -e ${{X^^}} -e ${{X,,}} -e ${{X^}}",
    "trimmed entries": f"L=(-e a.yaml -e b.yaml); {DEPLOY} \"${{L[@]%.yaml}}\" \"${{L[*]#-}}\"",
    "another variable's name": f"A=/a; N=A; {DEPLOY} -e ${{!N}}",
    "braces": f"A=x; {DEPLOY} --environment-file={{a,b$A,\"c d\"}} -e{{1..3}} -e {{a}} -e '{{b,c}}' -e x{{,y{{1,2}}}}",
    "braces of a variable stay": f"X='{{a,b}}'; {DEPLOY} -e $X -e \"$X\"",
    "a loop over a range": f"A=(); for i in {{1..3}} last; do A+=(-e \"/$i\"); done; {DEPLOY} \"${{A[@]}}\"",
    "back from a folder": f"cd /; pushd /usr >/dev/null; popd >/dev/null; {DEPLOY} -e $PWD",
    "a here-document with variables": f"F=a; export G=b; bash <<EOF\n{DEPLOY} -e $F -e \\$G -e '\\\\'\nEOF",
    "a here-string": f"bash <<< \"{DEPLOY} -e a\"",
    "a shell of its own": f"export G=b; cd /usr; bash -c '{DEPLOY} -e $G -e $PWD'",
    "the usual separators": f"OLD=$IFS; IFS=,; X=a; IFS=$OLD; Y='-e a'; {DEPLOY} $Y -e $X",
    "split at other characters": f"IFS=,; X=-e,a; {DEPLOY} $X",
    "split at several": f"IFS=': '; X=' -e:a : -e::b:'; {DEPLOY} $X; IFS=; Y='-e c'; {DEPLOY} $Y x$Y",
    "counted in a loop": f"for ((i=0; i<3; i++)); do {DEPLOY} -e $i; done",
    "letters and steps in braces": f"{DEPLOY} -e{{a..c}} -e{{1..7..3}} -e{{08..10}} -e{{-1..1}}",
    "entries by number": f"A=([0]=-e [1]=a); A[2]=--debug; {DEPLOY} ${{A[-1]}} ${{A[0]}} ${{A[1]}} -e ${{#A[@]}}",
    "entries by key": f"declare -A A=([b-c]=a); A[x]+=1; k=b-c; {DEPLOY} -e ${{A[$k]}} -e ${{A[x]}} ${{#A[@]}}",
    "a file name that is trimmed": f"F=/t/a1.yaml; {DEPLOY} -e ${{F##*/}} -e ${{F%.*}} -e ${{F/[a]?/b}} -e ${{F: -4}}",
    "a command in a substitution": f"O=$({DEPLOY} -e a); echo \"$O\"",
    "joined by a comma": f"A=(a b); IFS=,; J=\"${{A[*]}}\"; {DEPLOY} -e \"$J\" -e \"${{A[*]}}\"",
    "divided": f"N=7; {DEPLOY} -e $((N / 2)) -e $((-N % 4)) -e $((N > 3 && N < 9 ? N : 0)) -e $((!N))",
}  # fmt: skip

# import must not take a value for certain that bash gets otherwise, or that depends on what is found
UNKNOWN = {
    "another one in each round": f"i=1; while [ -e /nowhere ] || [ $i -lt 3 ]; do {DEPLOY} -e $i; i=$((i+1)); done",
    "another name of a variable": f"A=a; declare -n R=A; R=b; {DEPLOY} -e $A",
    "declared by braces": f"declare B={{a,b}}; {DEPLOY} -e $B",
    "an entry after what is not known": f"[ -e /x ] && A=(a b) || A=(); A+=(c); {DEPLOY} -e ${{A[1]}}",
    "what bash sets": f"[[ rack1 =~ ([0-9]) ]]; {DEPLOY} -e ${{BASH_REMATCH[1]}}",
    "keys in an order that bash has": f"declare -A A=([a]=1 [b]=2); {DEPLOY} -e ${{A[@]}}",
    "a pattern in a long text": f"X={'ab' * 2000}; {DEPLOY} -e ${{X%%a*c*d*}} -e ${{X//a*c/}}",
    "negated by a caret": f"X=abc; {DEPLOY} -e ${{X##[^c]*}}",
    "a loop that ssh reads from": f"while read f; do ssh a true; {DEPLOY} -e $f; done <<< $'a\\nb'",
    "an array of a file that is not given": f'. ./conf; {DEPLOY} "${{A[@]}}"',
    "an entry is taken out": f"A=(-e a --debug); unset 'A[2]'; {DEPLOY} -e \"${{A[@]}}\"",
    "a number that bash computes": f"declare -i N=2+1; {DEPLOY} -e $N",
    "a round that a file decides": f"E=a; for f in a b; do [ -e /$f ] && continue; E=$f; done; {DEPLOY} -e $E",
    "a function that a file leaves": f"X=a; f() {{ [ -e /nowhere ] && return; X=b; }}; f; {DEPLOY} -e $X",
    "a pattern with quoted wildcards": f'Y=\'/*x\'; {DEPLOY} -e "${{Y%"*x"}}z"',
    "a flag from outside": f"if $A; then O=--debug; fi; {DEPLOY} $O",
    "a flag of the command line": f"A=${{1:-false}}; if $A; then O=--debug; fi; {DEPLOY} $O",
    "a flag that is a program": f'A="test -e /x"; A="ls /x"; if $A; then O=--debug; fi; {DEPLOY} $O',
    "a flag that is found out": f"if $(hostname); then O=--debug; fi; {DEPLOY} $O",
    "a shell that inherits nothing": f"X=a; su - stack -c '{DEPLOY} -e $X'",
}


def command(script: str) -> Command:
    commands, problems = deploy_script.find(Text("deploy.sh", tuple(script.split("\n"))), Undercloud())
    assert [problem for problem in problems if problem.severity == "error"] == []
    chosen, _ = deploy_command.choose(commands, None)
    assert chosen is not None
    return chosen


@pytest.mark.parametrize("script", AS_BASH.values(), ids=AS_BASH.keys())
def test_the_words_are_those_of_bash(script: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", CLIENT + script + "\nwait"],
        capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path,
        env={"HOME": "/home/stack", "USER": "stack", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    last = done.stdout.strip("\n").split("\n\n")[-1].split("\n")
    found = command(script)
    assert [word.item.problem or word.item.assumed for word in found.words if word.item.problem] == []
    assert [f"<{word.text}>" for word in found.words] == last


@pytest.mark.parametrize("script", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_not_certain_is_unknown(script: str) -> None:
    assert any(word.item.problem for word in command(script).words)


def test_a_file_that_is_read_may_set_it_again() -> None:
    (word,) = (word for word in command(f"T=/a\nsource my.conf\n{DEPLOY} -e $T").words if word.text == "/a")
    assert word.item.assumed == "my.conf, which line 2 reads, is taken not to set `T`"


def test_the_rc_file_of_a_cloud_sets_nothing() -> None:
    assert not any(word.item.assumed for word in command(f"T=/a; source ~/stackrc; {DEPLOY} -e $T").words)


@pytest.mark.parametrize("last", ["--help", "-h", "--templates -e b --dry-run"])
def test_a_command_that_deploys_nothing_is_not_the_last_one(last: str) -> None:
    assert command(f"{DEPLOY} -e a\nopenstack overcloud deploy {last}").texts == ("--templates", "-e", "a")
