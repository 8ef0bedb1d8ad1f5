"""Where a module of compiler/ is tested: under tests/unit, with its folder and its name, or as listed here.

A shell file of templates/_runtime has its suite under tests/bats/runtime in the same way: NAME.bats or
NAME.TOPIC.bats.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from runner.parts import ROOT

COMPILER = ROOT / "compiler"
UNIT = ROOT / "tests/unit"
PLAYED = "what it does is seen in whole trials"
ANSWERS = "it answers at the prompt of a simulated host, where the test asks it"
# (modules, the file that tests them, why there)
TESTED_BY = (
    ("osp_compile/assets", "test_wheel.py", "it says where a wheel has its files"),
    ("osp_compile/error_log", "test_cli.py", "an internal error is one of a command"),
    ("osp_compile/exit_status", "test_cli.py", "a status is that of a command"),
    ("osp_compile/interruption", "test_cli.py", "it is the command that is interrupted"),
    ("osp_compile/output", "test_cli.py", "a full disk or a closed pipe is met by a command"),
    ("osp_compile/pipeline", "bundle/test_golden.py", "the whole journey is compared with a bundle"),
    ("osp_compile/bundle/manifest", "bundle/test_golden.py", "the manifest is a file of the bundle"),
    ("osp_compile/bundle/step_text", "bundle/test_render.py", "a step is seen in its script"),
    ("osp_compile/bundle/shell_variables", "bundle/test_render.py", "the variables are seen in site.sh"),
    ("osp_compile/bundle/sums", "bundle/test_on_disk.py", "the sums are those of the files that are written"),
    ("osp_compile/bundle/page/sentences", "bundle/page/test_reasons.py", "the sentences are those of reasons"),
    ("osp_compile/bundle/page/*", "bundle/page/test_page.py", "the page is judged as a whole"),
    ("osp_compile/guide/texts", "lint/test_word_list.py", "it collects the texts that the word list judges"),
    ("osp_compile/guide/*", "guide/test_reader.py", "all that a section.yaml has is read in one go"),
    ("osp_compile/importing/bash/*", "importing/test_as_bash.py", "scripts are compared with what bash makes of them"),
    ("osp_compile/importing/deploy_words", "importing/test_deploy_script.py", "the words are those of a script"),
    ("osp_compile/importing/deploy_command", "importing/test_deploy_script.py", "it is chosen among those of a script"),
    ("osp_compile/importing/other_language", "importing/test_deploy_script.py", "a script may be in another language"),
    ("osp_compile/importing/collection", "importing/test_collected_site.py", "what is carried over is one archive"),
    ("osp_compile/importing/merging", "importing/test_updating.py", "sources are merged where a spec is there already"),
    ("osp_compile/importing/environments", "importing/test_telemetry.py", "an environment file is read for its meters"),
    ("osp_compile/importing/draft", "importing/test_updating.py", "a draft is what a spec is updated with"),
    ("osp_compile/importing/skeleton", "importing/test_round_trip.py", "what it begins with is part of every spec"),
    ("osp_compile/importing/writing", "importing/test_updating.py", "it writes what is compared there"),
    ("osp_compile/importing/*", "importing/test_lists.py", "each list is tried in all forms of the clients"),
    ("osp_compile/lint/memory", "lint/test_checking.py", "the lint asks what was clean before"),
    ("osp_compile/lint/interface", "lint/test_checking.py", "it is the form of what the lint runs"),
    ("osp_compile/lint/*", "lint/test_rules.py", "each rule has a bad example and a good one"),
    ("osp_compile/rehearsal/worlds", "rehearsal/test_world_file.py", "a world's trial begins with its file"),
    ("osp_compile/rehearsal/flight_*", "rehearsal/test_flight_plan.py", "the plan is compared line by line"),
    ("osp_compile/rehearsal/foreign", "simulator/hosts/test_ways_out.py", "a foreign bundle must not get out"),
    ("osp_compile/rehearsal/progress", "verbs/test_commands.py", "it is what the command shows"),
    ("osp_compile/rehearsal/again", "rehearsal/test_by_hand.py", "it is called by hand"),
    ("osp_compile/rehearsal/requirements", "rehearsal/test_command.py", "what is missing is said by the command"),
    ("osp_compile/rehearsal/*", "rehearsal/test_moments.py", PLAYED),
    ("osp_compile/spec/keys", "ticket/test_diff.py", "the lines of a spec are seen in a comparison"),
    ("osp_compile/spec/policies", "ticket/test_diff.py", "what a policy changes is seen in a comparison"),
    ("osp_compile/spec/rules/*", "spec/rules/test_rules.py", "rules find all that is wrong with a spec together"),
    ("osp_compile/spec/yaml_*", "spec/test_yaml_reader.py", "the reader is their only door"),
    ("osp_compile/spec/*", "spec/test_cases.py", "a spec is judged with its exact diagnostics"),
    ("osp_compile/ticket/opened", "ticket/test_archive.py", "it opens what was packed"),
    ("osp_compile/ticket/*", "ticket/test_diff.py", "two whole bundles are compared"),
    ("osp_compile/verbs/shells", "verbs/test_completion.py", "completion is written for each shell"),
    ("osp_compile/verbs/*", "verbs/test_commands.py", "they are tried as commands"),
    ("osp_simulator/cli", "simulator/engine/test_together.py", "a world is started and asked by its command"),
    ("osp_simulator/engine/flight", "rehearsal/test_flight_plan.py", "its record is read as a flight plan"),
    ("osp_simulator/engine/options", "simulator/tools/test_command_lines.py", "the options are those of tools"),
    ("osp_simulator/engine/*", "simulator/engine/test_together.py", "a served world has all of them"),
    ("osp_simulator/fast/inline_calls", "simulator/tools/test_ssh.py", "it is an answer to ssh"),
    ("osp_simulator/fast/interpreter", "simulator/hosts/test_sandbox.py", "it is what runs in a sandbox"),
    ("osp_simulator/fast/late", "simulator/tools/openstack/test_world.py", "it is met by the deployment's client"),
    ("osp_simulator/fast/threads", "simulator/engine/test_together.py", "they are those of a served world"),
    ("osp_simulator/hosts/network", "simulator/hosts/test_ways_out.py", "no way leads out of a site"),
    ("osp_simulator/hosts/refused", "simulator/hosts/test_ways_out.py", "no way leads out of a site"),
    ("osp_simulator/hosts/rooted", "simulator/hosts/test_ways_out.py", "no way leads out of a site"),
    ("osp_simulator/hosts/*", "simulator/hosts/test_hosts.py", "a host is seen over time"),
    ("osp_simulator/safety/*", "simulator/safety/test_safety.py", "each rule is broken, and its rule is named"),
    ("osp_simulator/seed/*", "simulator/state/test_state.py", "every fresh site is compared with its types"),
    ("osp_simulator/state/*", "simulator/state/test_state.py", "every fresh site is compared with its types"),
    ("osp_simulator/tools/df/options", "simulator/tools/test_command_lines.py", "options need no world"),
    ("osp_simulator/tools/haproxy_stats", "simulator/tools/test_command_lines.py", "its text needs no world"),
    ("osp_simulator/tools/rsync/options", "simulator/tools/test_command_lines.py", "options need no world"),
    ("osp_simulator/tools/systemctl/*", "simulator/hosts/test_hosts.py", ANSWERS),
    ("osp_simulator/tools/yum/*", "simulator/hosts/test_hosts.py", ANSWERS),
    ("osp_simulator/tools/rpm", "simulator/hosts/test_hosts.py", ANSWERS),
    ("osp_simulator/tools/nova/*", "simulator/tools/openstack/test_world.py", ANSWERS),
    ("osp_simulator/tools/openstack/*", "simulator/tools/openstack/test_world.py", ANSWERS),
    ("osp_simulator/tools/tripleo/*", "simulator/tools/tripleo/test_update.py", ANSWERS),
    ("osp_simulator/tools/s[cs][hp]*", "simulator/tools/test_ssh.py", ANSWERS),
    ("osp_simulator/tools/sudo", "simulator/tools/test_ssh.py", ANSWERS),
    ("osp_simulator/tools/transfer", "simulator/tools/test_ssh.py", ANSWERS),
    ("osp_simulator/tools/rsync/*", "simulator/tools/test_ssh.py", ANSWERS),
    ("osp_simulator/tools/*", "simulator/tools/test_services.py", ANSWERS),
)  # fmt: skip

RUNTIME = ROOT / "templates/_runtime"
BATS = ROOT / "tests/bats"
IN_A_SECTION = "its questions are those of this section's steps, which the suite plays in a simulated site"
# (shell files of the runtime, the suite that tests them, why there)
SHELL_TESTED_BY = (
    ("engine/claim", "runtime/systems/pacemaker.bats", "a claim is one of some system's"),
    ("engine/everywhere", "runtime/engine/foreign.bats", "what many nodes say is judged there"),
    ("engine/evidence", "runtime/engine/foreign.bats", "what is packed is what others have said"),
    ("engine/gather", "runtime/engine/ssh.bats", "many nodes are asked by ssh"),
    ("engine/log", "runtime/engine/journal.bats", "log and journal are opened together"),
    ("engine/nodes", "runtime/engine/ssh.bats", "nodes are named where they are asked"),
    ("engine/pasting", "runtime/engine/remedies.bats", "a remedy is shown as it can be pasted"),
    ("engine/path", "runtime/runtime.bats", "the environment of a login is one thing"),
    ("engine/rc", "runtime/engine/foreign.bats", "what a client says is read there"),
    ("engine/root", "runtime/engine/ssh.bats", "what root runs on a node is sent by ssh"),
    ("engine/run", "runtime/engine/apply.bats", "a run is that of steps, each with its apply"),
    ("engine/screen", "runtime/engine/foreign.bats", "what others have said is shown there"),
    ("engine/sections", "2.14.bats", IN_A_SECTION),
    ("engine/signature", "runtime/engine/gate.bats", "a signature is asked for by a gate"),
    ("engine/spec_lines", "runtime/engine/check.bats", "lines for site.yaml are findings of a check"),
    ("systems/cloud", "runtime/systems/nova.bats", "the lists of both clouds are asked for there"),
    ("systems/copy", "runtime/engine/ssh.bats", "the safe place is reached by ssh"),
    ("systems/heat", "2.06.bats", IN_A_SECTION),
    ("systems/hiera", "2.02.composable.bats", IN_A_SECTION),
    ("systems/hosts", "runtime/engine/wait.watched.bats", "a process is found as a long command is"),
    ("systems/images", "2.05.bats", IN_A_SECTION),
    ("systems/installed", "2.03.bats", IN_A_SECTION),
    ("systems/leave_cluster", "2.07.bats", IN_A_SECTION),
    ("systems/nfv_record", "runtime/systems/nfv_copies.bats", "what is recorded is what a copy has"),
    ("systems/plan_files", "runtime/systems/plan.bats", "the files are those of the plan"),
    ("systems/services", "2.12.bats", IN_A_SECTION),
    ("systems/stack_update", "2.06.bats", IN_A_SECTION),
    ("systems/templates", "2.00.bats", IN_A_SECTION),
)  # fmt: skip
# (suites of no one file, why)
CROSSING = (("engine/foreign", "what comes from outside passes through many files, and is data in all of them"),)


def modules() -> Iterator[Path]:
    """The modules of both packages, below compiler/ and without their ending."""
    for package in ("osp_compile", "osp_simulator"):
        for file in sorted((COMPILER / package).rglob("*.py")):
            if not file.stem.startswith("__") and "templates" not in file.parts:
                yield file.relative_to(COMPILER).with_suffix("")


def own_test(module: Path) -> Path:
    """Where the test of a module is looked for."""
    package, *folders = module.parent.parts
    top = UNIT / "simulator" if package == "osp_simulator" else UNIT
    return top.joinpath(*folders, f"test_{module.name}.py")


def row_of(module: Path) -> int | None:
    """The number of the first row of TESTED_BY for a module."""
    return next((number for number, row in enumerate(TESTED_BY) if fnmatch(str(module), row[0])), None)


def test_of(file: str) -> Path | None:
    """The test file of a module, by its path in the repository; None for any other file."""
    path = Path(file)
    if path.parts[:1] != ("compiler",) or path.suffix != ".py" or path.stem.startswith("__"):
        return None
    module = path.relative_to("compiler").with_suffix("")
    own, row = own_test(module), row_of(module)
    return own if own.exists() else UNIT / TESTED_BY[row][1] if row is not None else None


def shell_files() -> Iterator[Path]:
    """The shell files of the runtime, below it and without their ending."""
    for file in sorted(RUNTIME.rglob("*.sh")):
        yield file.relative_to(RUNTIME).with_suffix("")


def suites() -> Iterator[Path]:
    """The suites of the runtime, below their folder, without a topic and the ending."""
    for file in sorted((BATS / "runtime").rglob("*.bats")):
        yield file.relative_to(BATS / "runtime").with_name(file.name.partition(".")[0])
