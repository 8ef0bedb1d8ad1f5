"""Shell that people read has the site's values, wherever and however a setting is used in it; what is quoted stays."""

from __future__ import annotations

import pytest

from osp_compile.bundle.values_shown import OF_APPLY, OF_LIBRARY, put_in

VALUES = {
    "STACK": "over cloud",
    "ANSWERS_FILE": "",
    "COPY_TO": "backup@safe:/srv/osp",
    "DEPLOY_TEMPLATES": "/usr/share/t/",
    "TIMEOUT_ANSWER": "300",
    "ENV_FILES": ("/a b.yaml", "/c.yaml"),
    "ENVIRONMENT_DIRECTORIES": (),
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # alone, and in a longer string
        ('use "$STACK" $STACK ${STACK}', "use 'over cloud' 'over cloud' 'over cloud'"),
        ('say "the stack $STACK, ${STACK}rc"', 'say "the stack over cloud, over cloudrc"'),
        ('say "the stack "$STACK""', 'say "the stack "\'over cloud\'""'),
        ('a="$(ask $STACK "$STACK")"', "a=\"$(ask 'over cloud' 'over cloud')\""),
        # in a condition, where an empty one is still a word
        ("if [[ $STACK == x ]]; then", "if [[ 'over cloud' == x ]]; then"),
        ("if [[ -z $ANSWERS_FILE ]]; then", "if [[ -z '' ]]; then"),
        # lists
        ('use "${ENV_FILES[@]+"${ENV_FILES[@]}"}"', "use '/a b.yaml' /c.yaml"),
        ('[[ " ${ENV_FILES[*]+"${ENV_FILES[*]}"}" == x ]]', '[[ " /a b.yaml /c.yaml" == x ]]'),
        ('say "all ${#ENV_FILES[@]} files"', 'say "all 2 files"'),
        ('use "${ENVIRONMENT_DIRECTORIES[@]+"${ENVIRONMENT_DIRECTORIES[@]}"}"', "use "),
        # what the shell makes of a value
        ("host=${COPY_TO%%:/*} path=/${COPY_TO#*:/}", "host=backup@safe path=/srv/osp"),
        ('"${DEPLOY_TEMPLATES%/}" "${COPY_TO##*/}"', '"/usr/share/t" "osp"'),
        ('say "fine${COPY_TO:+; copies are at $COPY_TO}"', 'say "fine; copies are at backup@safe:/srv/osp"'),
        ('use ${ANSWERS_FILE:+"$ANSWERS_FILE"} ${COPY_TO:+"$COPY_TO"}', "use  backup@safe:/srv/osp"),
        ('"${ANSWERS_FILE-x}" "${ANSWERS_FILE:-none}"', '"" "none"'),
        # within another variable's
        ("${file:-$DEPLOY_TEMPLATES/x} ${a/#a/$STACK}", "${file:-/usr/share/t//x} ${a/#a/'over cloud'}"),
        # numbers
        ("if ((age <= TIMEOUT_ANSWER * 2)); then", "if ((age <= 300 * 2)); then"),
        ("a=$((TIMEOUT_ANSWER > 9 ? TIMEOUT_ANSWER : 9))", "a=$((300 > 9 ? 300 : 9))"),
        # a comment opens no quotes
        ("# nobody's\nuse $STACK", "# nobody's\nuse 'over cloud'"),
        # what is not a setting, or no use of one
        (r"""awk '$STACK' \$STACK "$STACKS" STACK TIMEOUT_ANSWER=1""",) * 2,
        ("${STACK//o/0}",) * 2,
        ('"$node" "$1"',) * 2,
    ],
)  # fmt: skip
def test_a_setting_has_its_value(text: str, shown: str) -> None:
    assert put_in(text, OF_LIBRARY, VALUES) == shown


def test_a_value_is_never_read_again() -> None:
    assert put_in("a $A ${A:+$A}", OF_LIBRARY, {"A": "$A ${A}"}) == "a '$A ${A}' '$A ${A}'"


def test_the_node_has_its_name() -> None:
    assert put_in('on "$1" \'$node\' "x-$node"', OF_APPLY, VALUES, "n-0") == "on n-0 '$node' \"x-n-0\""
