"""Secrets that a word announces, or that are recognised by their form. Python 2.7 and 3, standard library only.

Works on bytes, line by line: nothing is decoded, so nothing else can change on the way.
"""

import base64
import re

HIDDEN = b"***"

# What a value may be: quoted, quoted within a quoted text, quoted and cut off, or up to a blank, a comma or a bar.
VALUE = br"""(?P<v>(?:[ub]|\$(?='))?(?:\\+"(?:(?!\\+").)*\\+"|\\+'(?:(?!\\+').)*\\+'|"(?:\\.|[^"\\])*"|'[^']*'|["'][^"']+\Z|(?!\\+["'])(?:\\ |[^\s"',|])+))"""
IN_QUOTES = br"""(?P<v>[ub]?(?:'[^']*'|"[^"]*"))"""
# The words, each as the end of a name: nova_password, X-Auth-Token, aws_secret_access_key. A bypass does not count as a pass.
NAME = (
    br"(?:passw(?:or)?d|passphrase|passcode|(?<![a-z])(?:(?:ssh|store|key|user|db|root|admin|bind)?pass|kek)|_pwd|(?<![a-z0-9])(?:pw|psk)|secret|token|auth[_-]?key"
    br"|api_?key|credential_?\d+|fernet_?key|(?:access|private|secret|encryption|hmac|shared|client|activation|temp[_-]?url)[_-]?key|privkey"
    br"|(?:erlang|rabbit(?:mq)?|auth|session)_?cookie|j?sessionid|\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89)"
)
TAIL = (
    br"(?:s|[_-]?(?:hash|value|base64|id|(?:access[_-]?)?key(?:[_-]?(?:id|base))?|old|new|current|confirm(?:ation)?)|[_-]?\d+)?"
    br"(?:\[\w*\]|\.\d+)?"
)
# (`::` belongs to a name of Puppet's)
# (and YAML may have an anchor or a tag before the value)
PARTS = br"""\\*["']?\]?[ \t]*(?:=>|=|:(?!:)|\||\xef\xbc\x9a)[ \t]*(?:(?:&|!!?)[\w./:-]+[ \t]+)?"""
# A value that reveals nothing: none, a yes or no, what Puppet says of one that it has set, one that is hidden already, the name of a variable.
NOTHING = re.compile(br"""(?i)[ub]?\\*["']?(?:null|none|true|false|yes|no|changed|~|\**|<[a-z _-]+>|%\([a-z_]+\)s|%s|[\[{]+|)\\*["']?[\]}),;]*\Z""")
VARIABLE = re.compile(br"""["']?\$(?:\{[A-Za-z_]+\}|[A-Z]*_[A-Z_]+)["']?\Z""")
QUOTED = re.compile(br"""([ub$]?(?:\\*["'])).*?(\\*["'])\Z""", re.DOTALL)
BASE64 = re.compile(br"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}")
TEXT = re.compile(br"[\t\r\n -~]+\Z")
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
        # (PWD and OLDPWD are folders)
        rule(br"""(?:_pw|(?<![a-z])pwd|bind_?pw)(?:%s|[ \t]+(?<=bindpw[ \t]))(?!\\*["']?[/~.])%s""" % (PARTS, VALUE)),
        rule(br"%s%s(?:%%22)?(?:%%3D|%%3A)(?:%%20|%%22)*(?P<v>[^%%\s&\"',]+)" % (NAME, TAIL)),
        # a pair: name and value are separate
        rule(br"""%s%s\\*["']?[,\s]+[ub]?\\*["']?value\\*["']?[ \t]*[:=][ \t]*%s""" % (NAME, TAIL, VALUE)),
        rule(br"""\bvalue=(?P<v>"[^"]*"|'[^']*')\s+name=["'][\w.:-]{0,80}%s%s["']""" % (NAME, TAIL)),
        rule(br"""\([ub]?["'][\w.:-]{0,80}%s%s["'],[ \t]*%s""" % (NAME, TAIL, IN_QUOTES)),
        rule(br"""\b(?:auth|credentials)=\([ub]?(?:'[^']*'|"[^"]*"),[ \t]*%s""" % IN_QUOTES),
        rule(br"<[\w:.-]{0,80}%s%s(?:\s[^<>]*)?>(?P<v>[^<>]+|<!\[CDATA\[[^<>]*\]\]>)</" % (NAME, TAIL)),
        rule(br"%s%s&gt;(?P<v>[^&]+)&lt;/" % (NAME, TAIL)),
        # in a sentence: in quotes, or a word that no sentence has
        rule(br"\b(?:password|passphrase)(?:[ \t]+(?:is|was))?[ \t]+%s" % IN_QUOTES),
        rule(
            br"(?<![A-Za-z0-9])(?:password|passphrase|secret|token)(?:[ \t]+(?:is|was|issued:?))?[ \t]+"
            br"(?P<v>(?=[^\s\d]{0,80}\d)(?=[^\sA-Za-z]{0,80}[A-Za-z])[^\s\"',;=:/()]{8,})"
        ),
        rule(br"\bpassword for [^\s:]+:[ \t]+%s" % VALUE),
        rule(br"\b(?:set|setenv)[ \t]+\w{0,80}%s%s[ \t]+(?!for\b)%s" % (NAME, TAIL, VALUE)),
        rule(br"--[a-z_-]*(?:password|passwd|passphrase|pass|secret|token|activation-?key)[ \t]+(?!--)%s" % VALUE),
        rule(br"[ \t]-(?:src|dest)?(?:store|key)pass[ \t]+%s" % VALUE),
        rule(br"""\btoken["']?:[ \t]*\{[^{}]*?["']id["']:[ \t]*%s""" % VALUE),
        rule(
            br"""\b(?:proxy-)?authorization\\*["']?\]?[ \t]*[:=][ \t]*\\*["']?(?:(?:basic|bearer|digest|negotiate|token|oauth|aws|aws4-hmac-sha256)[ \t]+)?"""
            br"""(?P<v>%s(?:,[ \t]*%s)*)""" % (element, element)
        ),
        rule(br"\bbearer[ \t]+(?P<v>[\w.~+/=-]{16,})"),
        rule(br"""\bset-cookie2?["']?:[ \t]*["']?[\w.$-]+=(?P<v>[^;\s"',]+)"""),
        rule(br"""(?<![\w-])cookie2?["']?:[ \t]*["']?(?P<v>[^"'\r\n]+)"""),
        # (a flow of Open vSwitch has a cookie too: cookie=0x0)
        rule(br"(?:(?<![\w-])|(?<=http_))cookie=(?!0x)%s" % VALUE),
        rule(br"-setcookie[ \t]+%s" % VALUE),
        # (and one of a flow may come after a blank as well)
        rule(br"(?<![A-Za-z0-9])cookie[ \t]+(?!0x)(?P<v>[A-Za-z0-9]{16,})"),
        rule(br"[ \t]-p[ \t]*%s" % VALUE, 0, re.compile(br"mysql|mongo|sshpass|fence_|pcs (?:cluster|host) auth|docker|podman")),
        rule(br"[ \t]-w[ \t]*%s" % VALUE, 0, re.compile(br"ldap(?:search|add|modify|whoami)")),
        rule(br"[ \t](?:-K[ \t]*|--key[ \t=]+)%s" % VALUE, 0, re.compile(br"\bswift\b")),
        rule(br"[ \t]-k[ \t]+%s" % VALUE, 0, re.compile(br"openssl enc")),
        rule(br"[ \t]-c[ \t]*%s" % VALUE, 0, re.compile(br"\bsnmp(?:walk|get|set|bulk)")),
        rule(br"[ \t]--base64[ \t=]+%s" % VALUE, 0, re.compile(br"secret-set-value")),
        rule(br"rabbitmqctl(?:[ \t]+-\S+)*[ \t]+(?:add_user|change_password|authenticate_user)[ \t]+\S+[ \t]+%s" % VALUE),
        rule(br"htpasswd[ \t]+-\w*b\w*[ \t]+\S+[ \t]+\S+[ \t]+%s" % VALUE),
        rule(br"""\b(?:echo|printf)[ \t]+%s[ \t]*\|[ \t]*(?:sudo[ \t]+)?passwd\b""" % VALUE),
        rule(br"""(?<![\w-])[\w-]{1,40}:(?P<v>[^\s"'|]{1,128})["']?[ \t]*\|[ \t]*(?:sudo[ \t]+)?chpasswd\b""", 0, re.compile(br"chpasswd")),
        rule(br"\br[ow]community6?[ \t]+%s" % VALUE),
        rule(br"\bsnmp[\w-]*[ \t]+community(?:[ \t]*[:=][ \t]*|[ \t]+)%s" % VALUE),
        rule(br"\bcreateUser[ \t]+\S+[ \t]+(?:MD5|SHA)\S*[ \t]+%s" % VALUE),
        rule(br"[ \t]password[ \t]+%s" % VALUE, 0, re.compile(br"mysqladmin")),
        rule(br"[ \t]-[AX][ \t]*%s" % VALUE, 0, re.compile(br"\bsnmp\w")),
        rule(br"[ \t]-N[ \t]*%s" % VALUE, 0, re.compile(br"ssh-keygen")),
        rule(br"\bOS_(?:PASSWORD|TOKEN)[ \t]+%s" % VALUE, 0),
        rule(br"""\bset password for[ \t]+[^\s=]{1,200}[ \t]*=[ \t]*(?P<v>'[^']*'|"[^"]*")"""),
        rule(br"""sst_auth["']?[ \t]*[=:][ \t]*["']?[^:\s"']{1,80}:(?P<v>[^\s"']+)"""),
        rule(br"[ \t]-P[ \t]*%s" % VALUE, 0, re.compile(br"ipmitool")),
        rule(br"""[ \t](?:-u|--user)[ \t]*["']?[^\s:"']+:(?P<v>[^\s"']+)""", 0, re.compile(br"curl|wget")),
        rule(br"[ \t]-a[ \t]*%s" % VALUE, 0, re.compile(br"redis-cli")),
        rule(br"\b(?:requirepass|masterauth)[ \t]+%s" % VALUE),
        rule(br"(?:^|(?<=\s))AUTH[ \t]+%s" % VALUE, 0),
        rule(br"\bauth[ \t]+%s" % VALUE, re.IGNORECASE, re.compile(br"(?i)redis")),
        rule(br"stats auth [^:\s]+:(?P<v>\S+)"),
        rule(br"""\bidentified\s+(?:by|with\s+\w+\s+(?:by|as)|via\s+\w+\s+using)\s+(?:password\s+)?(?P<v>'[^']*'|"[^"]*")"""),
        rule(br"\bvalues\s*(?P<v>\(.*)", re.IGNORECASE, re.compile(br"(?i)insert\s+into\b[^(]{0,200}\([^)]{0,2000}passw")),
        rule(br"""password\([ \t]*(?P<v>'[^']*'|"[^"]*")"""),
        rule(br"\bkey[ \t]*=[ \t]*(?P<v>[A-Za-z0-9+/]{20,}=*)"),
        rule(br"""(?:[?&](?:x-amz-)?(?:signature|sig)|temp_url_sig|oauth_signature)=["']?(?P<v>[^&\s"',]+)"""),
        rule(br"/tokens/(?P<v>[\w.-]{16,})"),
        # by their form: ceph's keys, AWS's, fernet's tokens and keys, JSON web tokens, those of forges and chats, hashes of passwords
        rule(br"(?<![A-Za-z0-9+/])(?P<v>AQ[A-Za-z0-9+/]{36}(?:==|(?![A-Za-z0-9+/=])))", 0),
        rule(br"(?<![A-Za-z0-9])(?P<v>(?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])", 0),
        rule(br"(?<![\w-])(?P<v>gAAAAA[\w-]{20,}=*)", 0),
        rule(br"^[ \t]*(?P<v>[\w-]{43}=)[ \t]*\Z", 0),
        rule(br"(?<![\w=-])(?P<v>[\w-]{43}=)(?![\w=])", 0, re.compile(br"(?i)fernet")),
        rule(br"(?<![\w-])(?P<v>eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?)", 0),
        rule(br"(?<![\w-])(?P<v>gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,})", 0),
        rule(br"(?<![0-9A-Za-z*])(?P<v>\*[0-9A-F]{40})(?![0-9A-Za-z])", 0),
        rule(br"""(?P<v>\$(?:1|5|6|y|apr1|2[abxy])\$[^\s:"',|]{8,})""", 0),
    )


RULES = _rules()
# A line with none of these has no secret of those kinds, and most have none.
WORTH_A_LOOK = re.compile(
    br"(?i)pass|pwd|_pw|bindpw|secret|token|key|kek|auth|cookie|bearer|credential|session|identified|://|signature|sig=|curl|wget|mongo|mysql"
    br"|redis|ipmitool|fence_|docker|ldap|swift|openssl|snmp|community|createuser|rabbitmqctl|AQ[a-z0-9+/]{20}|AKIA|ASIA|gAAAAA|eyJ|gh[pousr]_|glpat-|xox"
    br"|podman|(?<![a-z0-9])(?:pw|psk)\W|\$[1256ay]|\*[0-9a-f]{40}|[\w-]{43}=|\xe3\x83\x91\xe3\x82\xb9"
)


def without_announced(line):
    """How many secrets were taken out of a line, and what is left of it."""
    count, line = _without_encoded(line)
    found, line = _without_said(line)
    return count + found, line


def _without_encoded(line):
    """The same for words in base64, as Heat's outputs and user data are: one that has a secret in it is taken out whole."""
    counts = [0]

    def hide(found):
        word = found.group()
        try:
            text = base64.b64decode(word[: len(word) // 4 * 4])
        except (ValueError, TypeError):
            return word
        if not TEXT.match(text) or not (b"PRIVATE KEY" in text or any(_without_said(part)[0] for part in text.splitlines())):
            return word
        counts[0] += 1
        return HIDDEN

    line = BASE64.sub(hide, line)
    return counts[0], line


def _without_said(line):
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
    cleaned = URL.sub(_without_passwords, line)
    return counts[0] + (cleaned != line), cleaned


def _hidden(value):
    """In the value's own quotes, so that what was JSON or YAML stays so."""
    if value[:1] == b"[":
        return b"[" + HIDDEN + b"]"
    quotes = QUOTED.match(value)
    return quotes.group(1) + HIDDEN + quotes.group(2) if quotes else HIDDEN


def _without_passwords(found):
    """USER:PASSWORD@HOST, several of them separated by commas: a password may hold a comma, and an @."""
    kept = []
    for piece in re.split(br",(?=[^,:@]*:[^,]*@)", found.group()):
        login, _, host = piece.rpartition(b"@")
        user, colon, password = login.partition(b":")
        kept.append(user + b":" + HIDDEN + b"@" + host if colon and password else piece)
    return b",".join(kept)
