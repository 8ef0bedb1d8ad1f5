"""What goes to the ticket has no secret in it, and lacks nothing else."""

from __future__ import annotations

import base64
import html
import importlib
import json
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import pytest

from unit.runtime.parse.parsers import RUNTIME
from unit.waiting import LIMIT

S = "Sw0rdf1sh"
CEPHX = "AQBSdFhcAAAAABAAnQ7u2rLZ3yPqz1VdKfQbhg=="
FERNET_KEY = "0nV8cWzq2bJ7mKx4tYp1rLs6dHf9gAe3uQvXwZiOjNk="
AWS = "AKIAIOSFODNN7EXAMPLE"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLWhlcmU"
BODY = "MIIEpAIBAAKCAQEAx5b7Yk3qv1T2sJ8rWm4nZ0pUeLhGfDcB9aXiKjMnPqRsTuVw"
BEGIN_BASE64 = "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFcEFJQkFBS0NBUUVB"


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


def cleaned(python: str, folder: Path, texts: list[bytes], known: str = "") -> list[bytes]:
    """Each text as it goes to the ticket, in one run."""
    for name in ("from", "to"):
        (folder / name).mkdir()
    (folder / "known").write_text(known)
    names = [str(at) for at in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (folder / "from" / name).write_bytes(text)
    program = str(RUNTIME / "report/clean.py")
    command = [python, "-S", program, folder / "known", folder / "from", folder / "to", *names]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=LIMIT)
    assert ran.returncode == 0, ran.stderr
    return [(folder / "to" / name).read_bytes() for name in names]


def clean(python: str, folder: Path, text: str, known: str = "") -> str:
    return cleaned(python, folder, [text.encode()], known)[0].decode()


# each with the text that must not be there, and with what must be left
SECRETS = [
    (f"snmp-server community {S} ro", S, "snmp-server community *** ro"),
    (f"snmp community: {S}", S, "snmp community: ***"),
    ("adminPass | hunter22 |", "hunter22", "adminPass | *** |"),
    (f"| adminPass | {S}  |", S, "| adminPass | ***  |"),
    (f"password: {S}", S, "password: ***"),
    (f"  - nova_password: '{S} two'  # rotated", S, "  - nova_password: '***'  # rotated"),
    (f"password: {S} with blanks", "with blanks", "password: ***"),
    (f"AdminPassword: {S} # of keystone", S, "AdminPassword: *** # of keystone"),
    (f"keystone::admin_password: {S}", S, "keystone::admin_password: ***"),
    (f'{{"password": "{S}", "user": "nova"}}', S, '{"password": "***", "user": "nova"}'),
    (f'{{"password": "{S}\\"x", "user": "nova"}}', '"x', '{"password": "***", "user": "nova"}'),
    (f'"{{\\"password\\": \\"{S}\\", \\"user\\": 1}}"', S, '\\"user\\": 1}'),
    (f'{{"passwords": ["{S}", "other{S}"], "n": 1}}', S, '"n": 1}'),
    (f"{{u'password': u'{S}', u'user': u'nova'}}", S, "u'user': u'nova'}"),
    (f"<password>{S}</password><user>nova</user>", S, "<password>***</password><user>nova</user>"),
    (f"export OS_PASSWORD={S}", S, "export OS_PASSWORD=***"),
    (f"OS_PASSWORD='{S} x'", S, "OS_PASSWORD='***'"),
    (f"openstack --os-password {S} server list", S, "openstack --os-password *** server list"),
    (f"openstack --os-password={S} server list", S, "openstack --os-password=*** server list"),
    (f"openstack --os-token '{S} x' server list", S, "--os-token '***' server list"),
    (f"tool --rabbit-pass {S} --host a", S, "tool --rabbit-pass *** --host a"),
    (f'curl -g -i -H "X-Auth-Token: {S}" -H "Accept: json"', S, '-H "Accept: json"'),
    (f"X-Subject-Token: {S}", S, "X-Subject-Token: ***"),
    (f'-H "X-Auth-Token: {{SHA1}}{S}"', S, '"'),
    (f"Authorization: Bearer {S}.abc", S, "Authorization: Bearer ***"),
    (f'"Authorization": "Basic {S}==", "a": 1', S, '"a": 1'),
    (f'Authorization: Digest username="a", realm="b", response="{S}"', S, "Authorization: Digest ***"),
    (f"sent bearer {S}{S}{S} to it", S, "sent bearer *** to it"),
    (f"Set-Cookie: session={S}; Path=/; HttpOnly", S, "Set-Cookie: session=***; Path=/; HttpOnly"),
    (f"Cookie: a=1; session={S}", S, "Cookie: ***"),
    (f"erlang_cookie={S}", S, "erlang_cookie=***"),
    (
        f"rabbit://guest:{S}@192.0.2.1:5672,guest:x{S}@192.0.2.2:5672/?ssl=0",
        S,
        "@192.0.2.1:5672,guest:***@192.0.2.2:5672/?ssl=0",
    ),
    (f"mysql+pymysql://nova:{S}@p/x@192.0.2.5/nova", S, "mysql+pymysql://nova:***@p/x@192.0.2.5/nova"),
    (f"mysql://nova:p@{S}@192.0.2.5/nova", S, "mysql://nova:***@192.0.2.5/nova"),
    (f"redis://:{S}@192.0.2.6:6379", S, "redis://:***@192.0.2.6:6379"),
    (f"https://x/y?token={S}&a=b", S, "https://x/y?token="),
    (f"https://x/y?a=b&X-Amz-Signature={S}", S, "https://x/y?a=b&X-Amz-Signature=***"),
    (f"mysql -u root -p{S} -e 'show databases'", S, "mysql -u root -p*** -e 'show databases'"),
    (f"mongo -u admin -p {S} --quiet", S, "mongo -u admin -p *** --quiet"),
    (f"ipmitool -H h -U admin -P {S} power status", S, "-P *** power status"),
    (f"curl -u admin:{S} https://x", S, "curl -u admin:*** https://x"),
    (f"redis-cli -a {S} ping", S, "redis-cli -a *** ping"),
    (f"requirepass {S}", S, "requirepass ***"),
    (f"AUTH {S}", S, "AUTH ***"),
    (f"  stats auth admin:{S}", S, "  stats auth admin:***"),
    (
        f"GRANT ALL ON x TO 'a'@'b' IDENTIFIED BY PASSWORD '*{S}' WITH GRANT",
        S,
        "IDENTIFIED BY PASSWORD '***' WITH GRANT",
    ),
    (f"SET PASSWORD FOR 'a' = PASSWORD('{S}');", S, "');"),
    (f"\tkey = {CEPHX}", CEPHX, "\tkey = ***"),
    (f"client.openstack {CEPHX} caps", CEPHX, "client.openstack *** caps"),
    (f"CephClientKey: {CEPHX}", CEPHX, "CephClientKey: ***"),
    (f"aws_access_key_id = {AWS}", AWS, "aws_access_key_id = ***"),
    (f"it used {AWS} there", AWS, "it used *** there"),
    (f"aws_secret_access_key = {S}/abc+def", S, "aws_secret_access_key = ***"),
    (f"OS_TOKEN gAAAAABb9y{S}{S}{S} was", S, "OS_TOKEN *** was"),
    (f"{FERNET_KEY}", FERNET_KEY, "***"),
    (f"KeystoneFernetKey0: {FERNET_KEY}", FERNET_KEY, "KeystoneFernetKey0: ***"),
    (f"fernet keys are {FERNET_KEY} and so on", FERNET_KEY, "fernet keys are *** and so on"),
    (f"token was {JWT}", JWT, "token was ***"),
    (f"root:$6$salt$abcdefgh{S}:17000:0", S, "root:***:17000:0"),
    (f'"token": {{"expires": "x", "id": "{S}"}}', S, '"expires": "x"'),
    (f"tls.key: {BEGIN_BASE64}", BEGIN_BASE64, "tls.key: ***"),
    (f"heat_auth_encryption_key={S}", S, "heat_auth_encryption_key=***"),
    (f"snmpd_readonly_user_password => '{S}',", S, "snmpd_readonly_user_password => '***',"),
    (f"neutron_metadata_proxy_shared_secret: {S}", S, "neutron_metadata_proxy_shared_secret: ***"),
    (f"wsrep_sst_auth = root:{S}", S, "wsrep_sst_auth = root:***"),
    (f'createUser ro_snmp_user MD5 "{S}"', S, 'createUser ro_snmp_user MD5 "***"'),
    (f"rocommunity {S} 192.0.2.0/24", S, "rocommunity *** 192.0.2.0/24"),
    (f"fence_ipmilan -a 192.0.2.1 -l admin -p {S} -o status", S, "-l admin -p *** -o status"),
    (f'<nvpair name="passwd" value="{S}" id="a"/>', S, '<nvpair name="passwd" value="***" id="a"/>'),
    (f"<nvpair id='a' value='{S}' name='passwd'/>", S, "<nvpair id='a' value='***' name='passwd'/>"),
    (f"subscription-manager register --org=1 --activationkey {S}", S, "--org=1 --activationkey ***"),
    (f"rhel_reg_activation_key: {S}", S, "rhel_reg_activation_key: ***"),
    (f"admin:$apr1$salt${S}", S, "admin:***"),
    (f"echo {S} | sudo passwd --stdin stack", S, "echo *** | sudo passwd --stdin stack"),
    (f"rabbitmqctl change_password guest {S}", S, "rabbitmqctl change_password guest ***"),
    (f"virsh secret-set-value --secret u --base64 {S}", S, "--secret u --base64 ***"),
    (f"mysqladmin -u root password {S}", S, "mysqladmin -u root password ***"),
    (f"ALTER USER x IDENTIFIED WITH native AS '*{S}';", S, "AS '***';"),
    (f"SET PASSWORD FOR 'x'@'%' = '*{S}';", S, "FOR 'x'@'%' = '***';"),
    (f"OS_PASSWORD {S}", S, "OS_PASSWORD ***"),
    (f"export OS_PASSWORD=one\\ {S}", S, "export OS_PASSWORD=***"),
    (f"SSHPASS={S} sshpass -e ssh x", S, "SSHPASS=*** sshpass -e ssh x"),
    (f"snmpget -v3 -A {S} -X x{S} h", S, "snmpget -v3 -A *** -X *** h"),
    (f"keytool -storepass {S} -keypass x{S} -list", S, "-storepass *** -keypass *** -list"),
    (f"パスワードpassword={S}", S, "パスワードpassword=***"),
    # in files of settings
    (f"bindpw {S}", S, "bindpw ***"),
    (f"Server=db;Uid=sa;Pwd={S}", S, "Server=db;Uid=sa;Pwd=***"),
    (f"ldap_bind_pw: {S}", S, "ldap_bind_pw: ***"),
    (f'wsrep_sst_auth = "sst:{S}"', S, 'wsrep_sst_auth = "sst:***"'),
    (f"[simple_crypto_plugin] kek = '{S}'", S, "kek = '***'"),
    (f"rocommunity {S}", S, "rocommunity ***"),
    (f"AdminPassword: &admin {S}", S, "AdminPassword: &admin ***"),
    ("AdminPassword: !!binary c2VjcmV0LXdvcmRz", "c2VjcmV0LXdvcmRz", "AdminPassword: ***"),
    ("AdminPassword: !!binary |\n  c2VjcmV0LXdvcmRz\nuser: nova", "c2VjcmV0LXdvcmRz", "user: nova"),
    ("AdminPassword: !!binary\n  c2VjcmV0LXdvcmRz\nuser: nova", "c2VjcmV0LXdvcmRz", "user: nova"),
    (f"password: &a |2-  # of the site\n  {S}\nuser: nova", S, "user: nova"),
    ("erlang_cookie QWERTYUIOPASDFGHJKLZ", "QWERTYUIOPASDFGHJKLZ", "erlang_cookie ***"),
    ("nova_user_password hunter2hunter", "hunter2hunter", "nova_user_password ***"),
    (f"- name: OS_PASSWORD\n  value: {S}\n  n: 1", S, "- name: OS_PASSWORD\n  value: ***\n  n: 1"),
    (f"admin_password:\n    '{S}'\nuser: nova", S, "admin_password:\n    ***\nuser: nova"),
    (f'"password":\n    "{S}",\n"user": 1', S, '"password":\n    ***,\n"user": 1'),
    (f'{{"name": "OS_PASSWORD", "value": "{S}"}}', S, '{"name": "OS_PASSWORD", "value": "***"}'),
    (f"password_old={S}", S, "password_old=***"),
    (f"password[0]={S}", S, "password[0]=***"),
    (f"reg_activation_key: {S}", S, "reg_activation_key: ***"),
    # of pacemaker, in XML and on its command line
    (f'<nvpair id="x-passwd" name="passwd" value="{S}"/>', S, '<nvpair id="x-passwd" name="passwd" value="***"/>'),
    (f'<nvpair value="{S}" name="passwd"/>', S, '<nvpair value="***" name="passwd"/>'),
    (f"<password><![CDATA[{S}]]></password>", S, "<password>***</password>"),
    (f"&lt;password&gt;{S}&lt;/password&gt;", S, "&lt;password&gt;***&lt;/password&gt;"),
    (f"pcs cluster auth c0 -u hacluster -p {S}", S, "-u hacluster -p ***"),
    # on command lines
    (f"setenv OS_PASSWORD {S}", S, "setenv OS_PASSWORD ***"),
    (f"OS_PASSWORD=$'{S}\\n'", S, "OS_PASSWORD=$'***'"),
    (f"SSHPASS={S} sshpass -e ssh x", S, "SSHPASS=*** sshpass"),
    (f"echo 'root:{S}' | chpasswd", S, "echo 'root:***' | chpasswd"),
    (f"nova --os_password {S} list", S, "nova --os_password *** list"),
    (f"swift -K {S} stat", S, "swift -K *** stat"),
    (f"swift --key={S} stat", S, "swift --key=*** stat"),
    (f"rabbitmqctl change_password guest {S}", S, "change_password guest ***"),
    (f"keytool -storepass {S} -alias a", S, "-storepass *** -alias a"),
    (f"snmpwalk -v2c -c {S} host", S, "snmpwalk -v2c -c *** host"),
    (f"ldapsearch -D cn=a -w {S} -b dc=x", S, "-w *** -b dc=x"),
    (f"virsh secret-set-value --secret u --base64 {S}", S, "--base64 ***"),
    # of databases
    (f"CREATE USER x IDENTIFIED WITH mysql_native_password BY '{S}'", S, "mysql_native_password BY '***'"),
    (f"INSERT INTO user (name,password) VALUES ('a','{S}')", S, "INSERT INTO user (name,password) VALUES ***"),
    (f"ALTER ROLE x WITH PASSWORD '{S}'", S, "WITH PASSWORD '***'"),
    ("| root | % | *6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9 |", "6BB4837EB", "| root | % | *** |"),
    # tokens and what signs for them
    (f"X-Auth-Key: {S}", S, "X-Auth-Key: ***"),
    (f"X-Account-Meta-Temp-Url-Key-2: {S}", S, "X-Account-Meta-Temp-Url-Key-2: ***"),
    (f"temp_url_sig={S}&temp_url_expires=1", S, "temp_url_sig=***&temp_url_expires=1"),
    (f'"X-Auth-Token": u"{S}', S, '"X-Auth-Token": ***'),
    (f"GET /v3/auth/tokens/{S}{S}", S, "GET /v3/auth/tokens/***"),
    (f"HTTP_COOKIE={S}", S, "HTTP_COOKIE=***"),
    (f"JSESSIONID={S}; Path=/", S, "JSESSIONID=***"),
    (f"Authorization: AWS {S}KEY:{S}=", S, "Authorization: AWS ***"),
    (JWT.rpartition(".")[0], JWT.rpartition(".")[0], "***"),
    (f"pushed with glpat-{S}{S}", S, "pushed with ***"),
    (CEPHX[:-2], CEPHX[:-2], "***"),
    # in a sentence, in Python's own words, in another coding
    (f"the password is {S}", S, "the password is ***"),
    (f"Password for admin: {S}", S, "Password for admin: ***"),
    (f"passphrase '{S}' was taken", S, "passphrase '***' was taken"),
    (f"OrderedDict([('password', u'{S}'), ('a', 1)])", S, "OrderedDict([('password', u'***'), ('a', 1)])"),
    (f"auth=('nova', '{S}')", S, "auth=('nova', '***')"),
    (f"body: password%22%3A%22{S}%22%7D", S, "password%22%3A%22***%22%7D"),
    (f"パスワード: {S}", S, "パスワード: ***"),
    (f"password：{S}", S, "password：***"),
    (f"output_value: {in_base64('a: 1; admin_password: ' + S)}", in_base64("a: 1; admin"), "output_value: ***"),
    (f"password: {S}\r", S, "password: ***\r"),
    ("x " * 20000 + f"password={S} y" + " z" * 20000, S, "password=*** y"),
]

KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n{BODY}\nabcd=\n-----END RSA PRIVATE KEY-----\n"
BLOCKS = [
    KEY,
    KEY.replace("RSA ", ""),
    KEY.replace("RSA ", "EC "),
    KEY.replace("RSA ", "OPENSSH "),
    KEY.replace("RSA ", "ENCRYPTED "),
    KEY.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK").replace(f"\n{BODY}", f"\nVersion: GnuPG v2\n\n{BODY}", 1),
    KEY.replace("-----BEGIN", "---- BEGIN SSH2")
    .replace("KEY-----\n", "KEY ----\n")
    .replace("-----END", "---- END SSH2"),
    KEY.replace(f"-\n{BODY}", f"-\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n{BODY}", 1),
    KEY.replace("\n", "\r\n"),
    "".join(f"    {line}\n" for line in KEY.splitlines()),
    "".join(f"Nov 22 22:00:01 c0 app[1]: {line}\n" for line in KEY.splitlines()),
    "".join(f"| {line}\n" for line in KEY.splitlines()),
    "key: " + KEY.replace("\n", "\\n") + "\n",
    '{"a": "' + KEY.replace("\n", "\\n") + '"}\n',
    '{"a": "' + KEY.replace("\n", "\\\\n") + '"}\n',
    KEY.partition("abcd=")[0],
    KEY.replace("\n", "\\n")[:150] + "\n",
    f"password: |\n  {BODY}\n\n  two\n",
    f"  admin_secret: >-\n    {BODY}\n",
    f"ssh-private-key: |\n  {BODY}\n",
    # its beginning is cut off, or something is in between
    KEY.partition("\n")[2],
    f"line\n{KEY.partition(BODY)[2]}",
    KEY.replace(f"{BODY}\nabcd=", f"[...]\n{BODY}\nabcd="),
    # in a table, a diff and a quotation, in a list of texts, and as a browser codes it
    "| private_key | " + "\n|             | ".join(KEY.splitlines()[:-1]) + "\n",
    "".join(f"+{line}\n" for line in KEY.splitlines()),
    "".join(f"> {line}\n" for line in KEY.splitlines()),
    str(KEY.splitlines()) + "\n",
    str(KEY.splitlines()[:-1]) + "\n",
    KEY.replace("\n", "%0A").replace(" ", "%20") + "\n",
    f"-----BEGIN RSA PRIVATE KEY-----\n2018-11-22 10:00:00.123 1234 INFO x [-] {BODY}\n",
]

# none of these is a secret, and each is as long as it was
INNOCENT = [
    "no credentials: /home/stack/stackrc cannot be read",
    "PWD=/home/stack OLDPWD=/tmp",
    "2.12/3  pass  every one of 13 passed: 13",
    "verdict\tpass\t2018-11-22T20:00:00Z",
    "bypass: yes",
    "nova::keystone::token::provider: fernet",
    "password_file: /etc/x/password.txt",
    "token_expiration = 3600",
    "[sudo] password for stack: ",
    '{"password": null, "secret": ""}',
    "password: ***",
    "mysql --password=$OS_PASSWORD",
    "MySQL: ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)",
    "SHA256:0nV8cWzq2bJ7mKx4tYp1rLs6dHf9gAe3uQvXwZiOjNk ecdsa",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 stack@undercloud",
    "-----BEGIN CERTIFICATE-----",
    "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ",
    "-----END CERTIFICATE-----",
    "http://192.0.2.1:5000/v2.0 git@example.com ssh://git@example.com/x",
    "the keystone service authenticates by tokens that expire",
    "pam auth required pam_env.so",
    "key = value",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  undercloud-backup.tar",
    "openvswitch-2.9.0-19.el7fdp.1.x86_64 from rhel-7-server-openstack-10-rpms",
    "f1b2c3d4-0000-4000-8000-123456789abc | overcloud-compute-0 | ACTIVE",
    "再起動できません",
    " cookie=0x0, duration=10.1s, table=0, n_packets=5, priority=0 actions=NORMAL",
    "Warning: Using a password on the command line interface can be insecure.",
    "the password is expired, and the token is not valid for this user",
    "password policy requires 12 signs; password_length = 16",
    "bash-4.2.46-31.el7.x86_64",
    "python2-keystoneauth1-2.12.3-1.el7ost.noarch",
    "passwd-0.79-4.el7.x86_64",
    "python-secretstorage-2.1.1-1.el7ost.noarch",
    "Keystone_user[admin]/password: changed password",
    "methods = password,token",
    "auth_methods: external",
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
    "aGVhdCBoYXMgYW4gb3V0cHV0IHdpdGggbm90aGluZyBvZiB0aGUga2luZA==",
    "password:",
    "  must be longer than that: 12",
    "name: OS_PASSWORD",
    "kind: secret",
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "password could not be set: the service does not answer",
    'the community "OpenStack" and its snmp agent',
    '<nvpair name="timeout" value="60s" id="a"/>',
    "identified as compute-0 by its serial number",
    "echo done | tee /tmp/x",
    "docker ps --all",
]


def test_secrets(python: str, tmp_path: Path) -> None:
    texts = [f"before\n{text}\nbehind\n".encode() for text, _, _ in SECRETS]
    for told, (text, secret, left) in zip(cleaned(python, tmp_path, texts), SECRETS, strict=True):
        assert secret not in told.decode(), text
        assert left in told.decode(), text
        assert told.startswith(b"before\n"), text
        assert told.endswith(b"\nbehind\n"), text


def test_private_keys(python: str, tmp_path: Path) -> None:
    texts = [f"before it\n{text}what comes after it\n".encode() for text in BLOCKS]
    for told, text in zip(cleaned(python, tmp_path, texts), BLOCKS, strict=True):
        assert BODY[:40].encode() not in told, text
        assert b"***" in told, text
        assert told.startswith(b"before it\n"), text
        assert told.endswith(b"what comes after it\n"), text


def test_what_is_no_secret_stays(python: str, tmp_path: Path) -> None:
    assert clean(python, tmp_path, "\n".join(INNOCENT) + "\n").splitlines() == INNOCENT


def test_known_secrets_by_their_exact_text(python: str, tmp_path: Path) -> None:
    known = "abcdef\nabcdefgh\nabc\n\n"
    assert clean(python, tmp_path, "it said abcdef, abcdefgh and abc\n", known) == "it said ***, *** and abc\n"


def test_known_secrets_as_others_write_them(python: str, tmp_path: Path) -> None:
    secret = 'don\'t "tell" <a&b>@/é#'
    written = [
        json.dumps(secret), json.dumps(secret, ensure_ascii=False), html.escape(secret), quote(secret),
        quote(secret, safe=""), shlex.quote(secret), shlex.quote(secret).replace("'\"'\"'", "'\\''"),
        base64.b64encode(secret.encode()).decode(), "don\\'t\\ \\\"tell\\\"\\ \\<a\\&b\\>@/é#",
    ]  # fmt: skip
    told = clean(python, tmp_path, "".join(f"it said {text}.\n" for text in written), f"{secret}\n")
    for word in ("tell", "a%26b", "a&b", "YiI"):
        assert word not in told
    assert told.count("***") == len(written)


def test_bytes_that_are_no_text_stay(python: str, tmp_path: Path) -> None:
    text = b"\xff\xfe\x00 \r\n\x1b[31m\x85 no end"
    assert cleaned(python, tmp_path, [text]) == [text]


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program as a module."""
    monkeypatch.syspath_prepend(str(RUNTIME / "report"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name in ("clean", "announced", "private_keys"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("clean")


@pytest.mark.long
def test_lines_passed_over_lose_no_secret(reports: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    # every line of the other tests after and before each block, twice, so that it is known the second time
    lines = "\n".join([*(text for text, *_ in SECRETS), *INNOCENT])
    texts = [f"{lines}\n{block}{lines}\n".encode() for block in [*BLOCKS, ""]]
    known = reports.Known()
    quick = [reports.clean(text, (b"guest",), known) for text in texts]
    monkeypatch.setattr(reports, "has_sign", lambda line: True)
    assert quick == [reports.clean(text, (b"guest",)) for text in texts]


def test_what_is_known_of_a_line_is_not_looked_for_again(reports: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []
    plainly = reports.clean_line
    monkeypatch.setattr(reports, "clean_line", lambda text, secrets: looked_at.append(text) or plainly(text, secrets))
    monkeypatch.setattr(reports.Blocks, "take", lambda self, line: pytest.fail("a block is looked for"))
    packages = b"kernel-3.10.0-957.el7.x86_64\nopenvswitch-2.9.0-83.el7fdp.1.x86_64\n"
    known = reports.Known()
    assert [reports.clean(packages, (), known) for _ in range(1000)] == [(packages, 0)] * 1000
    assert looked_at == packages.splitlines()


LONG = [
    "password" * 20000,
    'password: "' + "\\" * 50000,
    "://" + "a:" * 50000,
    "authorization: " + "a, " * 30000,
    '"token": {' * 5000,
    " -p" * 40000,
    "<a" * 40000,
    "a:b|" * 20000 + "chpasswd",
    "insert into (passw values (" * 4000,
    "A" * 100000,
    "-----BEGIN PRIVATE KEY-----" + "', u'" * 20000,
    "-----BEGIN%20" + "A" * 100000,
    "value='a' name='" * 8000,
    "sst_auth=" * 10000,
    "<a name=" * 20000,
    "<a value='" * 20000,
    "set password '" * 10000,
    "echo a" * 30000,
    "secret-set-value --base6" * 5000,
]


@pytest.mark.long
def test_long_lines_take_no_time(python: str, tmp_path: Path) -> None:
    assert len(cleaned(python, tmp_path, [text.encode() for text in LONG])) == len(LONG)
