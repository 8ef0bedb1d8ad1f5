"""Secrets that a word announces, or that are known by their form. Python 2.7 and 3, standard library only.

Works on bytes, line by line: nothing is decoded, so nothing else can change on the way.
"""

import base64
import re

HIDDEN = b"***"

# What a value may be: quoted, quoted within a quoted text, or up to a blank, a comma or a bar.
VALUE = br"""(?P<v>[ub]?(?:\\+"(?:(?!\\+").)*\\+"|\\+'(?:(?!\\+').)*\\+'|"(?:\\.|[^"\\])*"|'[^']*'|(?!\\+["'])(?:\\ |[^\s"',|])+))"""
# The words, each as the end of a name: nova_password, X-Auth-Token, aws_secret_access_key. A bypass is no pass.
NAME = (
    br"(?:passw(?:or)?d|passphrase|passcode|(?<![a-z])(?:ssh)?pass|_pwd|(?<![a-z0-9])(?:pw|psk)"
    br"|secret|token|auth_?key|api_?key|credential_?\d+|fernet_?key"
    br"|(?:access|private|secret|encryption|hmac|shared|client|activation)[_-]?key|(?:erlang|rabbit(?:mq)?|auth|session)_?cookie)"
)
TAIL = br"(?:s|[_-]?(?:hash|value|base64|id|(?:access[_-]?)?key(?:[_-]?(?:id|base))?)|_?\d+)?"
# (`::` belongs to a name of Puppet's)
PARTS = br"""\\*["']?\]?[ \t]*(?:=>|=|:(?!:)|\|)[ \t]*"""
STRING = br"""(?:"[^"]*"|'[^']*')"""
NAMED = br"""["'][\w.-]{0,80}(?:passw(?:or)?d|secret|token|passphrase)[\w.-]{0,20}["']"""
# A value that tells nothing: none, a yes or no, one that is hidden already, the name of a variable.
NOTHING = re.compile(br"""(?i)[ub]?\\*["']?(?:null|none|true|false|yes|no|~|\**|<[a-z _-]+>|%\([a-z_]+\)s|%s|[\[{]+|)\\*["']?[\]}),;]*\Z""")
VARIABLE = re.compile(br"""["']?\$(?:\{[A-Za-z_]+\}|[A-Z]*_[A-Z_]+)["']?\Z""")
QUOTED = re.compile(br"""([ub]?(?:\\*["'])).*?(\\*["'])\Z""", re.DOTALL)
BASE64_KEY = re.compile(br"LS0tLS1CRUdJTi[A-Za-z0-9+/]{16,}=*")
URL = re.compile(br"""(?<=://)[^\s/"'<>]+@""")


def _rules():
    def rule(pattern, flags=re.IGNORECASE, only=None):
        return re.compile(pattern, flags), only

    element = br"""(?:\w+="[^"]*"|[^\s"',]+)"""
    return (
        rule(br"""%s%s%s(?P<v>\[[^\]\[]+\])""" % (NAME, TAIL, PARTS)),
        rule(br"""^\s*(?:-\s+)?["']?[\w.:-]{0,80}(?:passw(?:or)?d|passphrase|secret)["']?:[ \t]+(?P<v>[^\s"'|>\[{*&][^#]*[^#\s])(?=\s+#|\s*\Z)"""),
        rule(br"%s%s%s%s" % (NAME, TAIL, PARTS, VALUE)),
        rule(br"[a-z]Pass(?:word)?%s%s" % (PARTS, VALUE), 0),
        rule(br"<[\w:.-]{0,80}%s%s(?:\s[^<>]*)?>(?P<v>[^<>]+)</" % (NAME, TAIL)),
        rule(br"--[a-z-]*(?:password|passwd|passphrase|pass|secret|token|activation-?key)[ \t]+(?!--)%s" % VALUE),
        rule(br"[ \t]-(?:storepass|keypass|passphrase)[ \t]+%s" % VALUE),
        # Pacemaker's configuration, whichever way round
        rule(br"<\w[^<>]*\bname=%s[^<>]*?\bvalue=(?P<v>%s)" % (NAMED, STRING)),
        rule(br"<\w[^<>]*\bvalue=(?P<v>%s)[^<>]*?\bname=%s" % (STRING, NAMED)),
        rule(br"""sst_auth[ \t]*[=:][ \t]*["']?[^\s:"']+:(?P<v>[^\s"']+)"""),
        rule(br"\bcreateuser[ \t]+\S+[ \t]+(?:md5|sha[0-9-]*)[ \t]+%s" % VALUE),
        rule(br"\br[ow]community6?[ \t]+%s" % VALUE),
        rule(br"\b(?:add_user|change_password|authenticate_user)[ \t]+\S+[ \t]+%s" % VALUE),
        rule(br"\bsecret-set-value[ \t].*?--base64[ \t=]+%s" % VALUE),
        rule(br"\becho[ \t]+(?:-\w+[ \t]+)?%s(?=[ \t]*\|[ \t]*(?:sudo[ \t]+)?(?:passwd|chpasswd|sudo[ \t]+-S)\b)" % VALUE),
        rule(br"\bOS_(?:PASSWORD|TOKEN)[ \t]+%s" % VALUE, 0),
        rule(br"""\btoken["']?:[ \t]*\{[^{}]*?["']id["']:[ \t]*%s""" % VALUE),
        rule(
            br"""\b(?:proxy-)?authorization\\*["']?\]?[ \t]*[:=][ \t]*\\*["']?(?:(?:basic|bearer|digest|negotiate|token|oauth|aws4-hmac-sha256)[ \t]+)?"""
            br"""(?P<v>%s(?:,[ \t]*%s)*)""" % (element, element)
        ),
        rule(br"\bbearer[ \t]+(?P<v>[\w.~+/=-]{16,})"),
        rule(br"""\bset-cookie2?["']?:[ \t]*["']?[\w.$-]+=(?P<v>[^;\s"',]+)"""),
        rule(br"""(?<![\w-])cookie2?["']?:[ \t]*["']?(?P<v>[^"'\r\n]+)"""),
        rule(br"-setcookie[ \t]+%s" % VALUE),
        rule(br"[ \t]-p[ \t]*%s" % VALUE, 0, re.compile(br"mysql|mongo|sshpass|fence_|docker|podman")),
        rule(br"[ \t]password[ \t]+%s" % VALUE, 0, re.compile(br"mysqladmin")),
        rule(br"[ \t]-[AX][ \t]*%s" % VALUE, 0, re.compile(br"\bsnmp\w")),
        rule(br"[ \t]-w[ \t]*%s" % VALUE, 0, re.compile(br"\bldap\w")),
        rule(br"[ \t]-k[ \t]+%s" % VALUE, 0, re.compile(br"openssl enc")),
        rule(br"[ \t]-N[ \t]*%s" % VALUE, 0, re.compile(br"ssh-keygen")),
        rule(br"[ \t]-P[ \t]*%s" % VALUE, 0, re.compile(br"ipmitool")),
        rule(br"""[ \t](?:-u|--user)[ \t]*["']?[^\s:"']+:(?P<v>[^\s"']+)""", 0, re.compile(br"curl|wget")),
        rule(br"[ \t]-a[ \t]*%s" % VALUE, 0, re.compile(br"redis-cli")),
        rule(br"\b(?:requirepass|masterauth)[ \t]+%s" % VALUE),
        rule(br"(?:^|(?<=\s))AUTH[ \t]+%s" % VALUE, 0),
        rule(br"\bauth[ \t]+%s" % VALUE, re.IGNORECASE, re.compile(br"(?i)redis")),
        rule(br"stats auth [^:\s]+:(?P<v>\S+)"),
        rule(br"""identified (?:with \w+ )?(?:by|as) (?:password )?(?P<v>'[^']*'|"[^"]*")"""),
        rule(br"""\bset password for[ \t]+[^\s=]{1,200}[ \t]*=[ \t]*(?P<v>'[^']*'|"[^"]*")"""),
        rule(br"""password\([ \t]*(?P<v>'[^']*'|"[^"]*")"""),
        rule(br"\bkey[ \t]*=[ \t]*(?P<v>[A-Za-z0-9+/]{20,}=*)"),
        rule(br"[?&](?:x-amz-)?(?:signature|temp_url_sig|sig)=(?P<v>[^&\s\"']+)"),
        # by their form: ceph's keys, AWS's, fernet's tokens and keys, JSON web tokens, hashes of passwords
        rule(br"(?<![A-Za-z0-9+/])(?P<v>AQ[A-Za-z0-9+/]{36}==)", 0),
        rule(br"(?<![A-Za-z0-9])(?P<v>(?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])", 0),
        rule(br"(?<![\w-])(?P<v>gAAAAA[\w-]{20,}=*)", 0),
        rule(br"^[ \t]*(?P<v>[\w-]{43}=)[ \t]*\Z", 0),
        rule(br"(?<![\w=-])(?P<v>[\w-]{43}=)(?![\w=])", 0, re.compile(br"(?i)fernet")),
        rule(br"(?<![\w-])(?P<v>eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)", 0),
        rule(br"""(?P<v>\$(?:1|5|6|y|apr1|2[abxy])\$[^\s:"',|]{8,})""", 0),
    )


RULES = _rules()
# A line with none of these has no secret of those kinds, and most have none.
WORTH_A_LOOK = re.compile(
    br"(?i)pass|_pwd|secret|token|key|auth|cookie|bearer|credential|identified |://|[?&]sig|curl|wget|mongo|mysql|redis|ipmitool"
    br"|AQ[a-z0-9+/]{20}|AKIA|ASIA|gAAAAA|eyJ|LS0tLS1|\$[1256ay]"
    br"|createuser|community|fence_|docker|podman|add_user|snmp|ldap|openssl|(?<![a-z0-9])(?:pw|psk)\W|[\w-]{43}="
)


def without_announced(line):
    """How many secrets were taken out of a line, and what is left of it."""
    if not WORTH_A_LOOK.search(line):
        return 0, line
    counts = [0]

    def hide(found):
        value = found.group("v")
        if NOTHING.match(value) or VARIABLE.match(value):
            return found.group()
        counts[0] += 1
        start, end = found.start("v") - found.start(), found.end("v") - found.start()
        return found.group()[:start] + _hidden(value) + found.group()[end:]

    for pattern, only in RULES:
        if only is None or only.search(line):
            line = pattern.sub(hide, line)
    for pattern, function in ((URL, _without_passwords), (BASE64_KEY, _without_key)):
        cleaned = pattern.sub(function, line)
        counts[0] += cleaned != line
        line = cleaned
    return counts[0], line


def _hidden(value):
    """In the value's own quotes, so that what was JSON or YAML stays so."""
    if value[:1] == b"[":
        return b"[" + HIDDEN + b"]"
    quotes = QUOTED.match(value)
    return quotes.group(1) + HIDDEN + quotes.group(2) if quotes else HIDDEN


def _without_passwords(found):
    """USER:PASSWORD@HOST, several of them parted by commas: a password may hold a comma, and an @."""
    kept = []
    for piece in re.split(br",(?=[^,:@]*:[^,]*@)", found.group()):
        login, _, host = piece.rpartition(b"@")
        user, colon, password = login.partition(b":")
        kept.append(user + b":" + HIDDEN + b"@" + host if colon and password else piece)
    return b",".join(kept)


def _without_key(found):
    try:
        text = base64.b64decode(found.group()[: len(found.group()) // 4 * 4])
    except (ValueError, TypeError):
        return found.group()
    return HIDDEN if b"PRIVATE KEY" in text else found.group()
