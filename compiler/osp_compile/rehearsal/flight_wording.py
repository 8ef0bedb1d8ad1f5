"""The phrases of a flight plan in both languages; `said` fills in the values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from osp_compile.rehearsal.report import duration

Language = Literal["en", "ja"]
WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Flight plan of {site}, change {change}", "フライトプラン: {site}、変更 {change}"),
    "bundle": ("Bundle", "バンドル"),
    "head": (
        "Every command that changed something in the first runs of the rehearsal, in order. Where a function was sent "
        "to root, the commands that it ran are listed below it. Times are by the simulated site's clock. A record is a "
        "file that this change keeps on a host, with which an interrupted run continues.",
        "リハーサルの初回の実行で何かを変更したコマンドを、順にすべて示します。"
        "root に送った関数は、その中で実行したコマンドを下に並べます。"
        "時間は模擬サイトの時計によるものです。「記録」はこの変更がホストに残すファイルで、中断した実行を続けるときに使います。",
    ),
    "count": (
        "{count} of {calls} commands changed something.",
        "{calls} コマンドのうち {count} コマンドが変更を行いました。",
    ),
    "report": ("{count} commands, {took} in all.", "{count} コマンド、合計 {took}。"),
    "report_of_one": ("1 command, {took} in all.", "1 コマンド、合計 {took}。"),
    "changes_nothing": ("Changes nothing.", "変更はありません。"),
    "sections": ("Sections", "セクション"),
    "host": ("host", "ホスト"),
    "user": ("user", "ユーザー"),
    "command": ("command", "コマンド"),
    "changes": ("changes", "変更内容"),
    "time": ("time", "時間"),
    "on": ("on {node}", "{node}"),
    # of the host; the call's arguments name the file
    "files": ("files", "ファイル"),
    "before": ("before its first step", "最初の手順の前"),
    "shell": ("a shell of root's", "root のシェル"),
    "cut": ("... ({count:,} characters in all)", "... (全 {count:,} 文字)"),
    # which sections were played, and which steps were applied
    "not_played": (
        "This plan is not of the whole chapter. These sections were not played and are missing here:",
        "このプランは章全体のものではありません。次のセクションは実行していないため、含まれていません:",
    ),
    "no_steps": (
        "No step of these sections changes anything.",
        "これらのセクションに、変更を行う手順はありません。",
    ),
    "all_applied": ("{count} of {all} steps were applied.", "{all} 手順のうち {count} 手順を適用しました。"),
    "not_applied": (
        "{count} of {all} steps were applied; not rehearsed, because there was nothing to do:",
        "{all} 手順のうち {count} 手順を適用しました。次の手順は行うことがなく、リハーサルされていません:",
    ),
    "only_waited": (
        "{step}: applied, without a command that changed anything",
        "{step}: 適用しましたが、何かを変更したコマンドはありません",
    ),
    # instances that moved
    "instances": ("{count} instances", "{count} インスタンス"),
    "instances_of_one": ("1 instance", "1 インスタンス"),
    "moved_once": ("{instances} moved, each of them once.", "{instances}が移動し、いずれも 1 回だけでした。"),
    "moved_twice": (
        "{count} of {instances} moved more than once, because the compute that took them was rebooted later:",
        "{instances}のうち {count} 台は、移行先のコンピュートが後で再起動されたため、2 回以上移動しました:",
    ),
    "way": ("{name} ({id}): {hosts}", "{name} ({id}): {hosts}"),
    "then": (", then ", " → "),
    "comma": (", ", "、"),
    "semicolon": ("; ", "、"),
    "order": (
        "In the order {order} none of their instances moves twice, if each goes where it went here.",
        "各インスタンスの移行先がここと同じであれば、{order} の順では 2 回移動するものはありません。",
    ),
    "no_order": (
        "No order of {computes} avoids it: {circle}.",
        "{computes} をどの順にしても避けられません: {circle}。",
    ),
    "no_order_here": (
        "No order of {computes} avoids it, if each goes where it went here: {circle}. "
        "Nothing had to move from {empty}: rebooted first, it could take them.",
        "各インスタンスの移行先がここと同じであれば、{computes} をどの順にしても避けられません: {circle}。"
        "{empty} には移すものがないため、最初に再起動すれば移行先にできます。",
    ),
    "took_both": (
        "{one} and {other} took each other's instances, and both were rebooted",
        "{one} と {other} は互いのインスタンスを受け入れ、どちらも再起動されました",
    ),
    "took": ("{host} took instances of {home}", "{host} が {home} のインスタンスを受け入れました"),
    # what a command has changed
    "record": ("record", "記録"),
    "made": ("makes {names}", "{names} を作成"),
    "changed": ("writes {names}", "{names} に書き込み"),
    "removed": ("removes {names}", "{names} を削除"),
    "files_under": ("{count} files under {folder}: {names}", "{folder} 以下の {count} ファイル: {names}"),
    "down": ("{hosts} goes down, and all that runs there", "{hosts} が、そこで動くすべてのものとともに停止"),
    "more": ("and {count} more", "ほか {count} 件"),
    "text_on": ("{text} on {hosts}", "{text} ({hosts})"),
    "hosts": ("{count} hosts", "{count} ホスト"),
    "becomes": ("{name}: {was} to {now}", "{name}: {was} → {now}"),
    "claim_set": ("claim {name} set", "切り替えの記録 {name} を作成"),
    "claim_removed": ("claim {name} removed", "切り替えの記録 {name} を削除"),
    "flag_set": ("Ceph flag {flags} set", "Ceph フラグ {flags} を設定"),
    "flag_removed": ("Ceph flag {flags} removed", "Ceph フラグ {flags} を解除"),
    "property": ("cluster property {name}", "クラスターのプロパティー {name}"),
    "joins": ("{name} joins the cluster", "{name} がクラスターに参加"),
    "leaves": ("{name} leaves the cluster", "{name} がクラスターから離脱"),
    "resources": ("cluster resources stop or move", "クラスターのリソースが停止または移動"),
    "instance": ("instance {name}: {what} {was} to {now}", "インスタンス {name}: {what} {was} → {now}"),
    "compute_service": ("compute service: {what} {was} to {now}", "Compute サービス: {what} {was} → {now}"),
    "services_stop": ("services stop", "サービスの停止"),
    "services_start": ("services start", "サービスの起動"),
    "services": ("services", "サービス"),
    "packages": ("packages", "パッケージ"),
    "installed": ("{name} installed", "{name} の導入"),
    "boots": ("boots", "起動"),
    "disks": ("space on its disks", "ディスクの空き容量"),
    "clock": ("clock", "時刻の同期"),
    "domains": ("libvirt domains", "libvirt のドメイン"),
    "logins": ("logins", "ログイン"),
    "hiera": ("hieradata", "hieradata"),
    "host_key": ("SSH host key", "SSH ホスト鍵"),
    "repositories": ("repositories", "リポジトリー"),
    "host_state": ("state of the host", "ホストの状態"),
    "folder_made": ("makes folder {names}", "ディレクトリー {names} を作成"),
    "folder_removed": ("removes folder {names}", "ディレクトリー {names} を削除"),
    "redis_dump": ("Redis begins a dump", "Redis がダンプを開始"),
    "redis_master": ("Redis master", "Redis のマスター"),
    "ceph_mons": ("Ceph monitors", "Ceph モニター"),
    "ceph_osds": ("Ceph OSDs", "Ceph OSD"),
    # the parts of a site, where no phrase is narrower
    "of_pacemaker": ("cluster", "クラスター"),
    "of_galera": ("Galera (databases)", "Galera (データベース)"),
    "of_rabbit": ("RabbitMQ", "RabbitMQ"),
    "of_redis": ("Redis", "Redis"),
    "of_mongo": ("MongoDB", "MongoDB"),
    "of_haproxy": ("HAProxy", "HAProxy"),
    "of_ceph": ("Ceph", "Ceph"),
    "of_keystone": ("users and services (keystone)", "ユーザーとサービス (keystone)"),
    "of_nova": ("instances and compute services (nova)", "インスタンスと Compute サービス (nova)"),
    "of_neutron": ("networks and routers (neutron)", "ネットワークとルーター (neutron)"),
    "of_cinder": ("volumes (cinder)", "ボリューム (cinder)"),
    "of_glance": ("images (glance)", "イメージ (glance)"),
    "of_ironic": ("bare metal nodes (ironic)", "ベアメタルノード (ironic)"),
    "of_heat": ("overcloud stack (heat)", "オーバークラウドのスタック (heat)"),
    "of_mistral": ("workflow environments (mistral)", "ワークフローの環境 (mistral)"),
    "of_swift": ("files of the plan (swift)", "プランのファイル (swift)"),
    "of_plan": ("deployment plan", "デプロイメントプラン"),
    "of_hosts": ("hosts", "ホスト"),
    "nothing": ("nothing", "なし"),
    "yes": ("yes", "はい"),
    "no": ("no", "いいえ"),
}
UNITS = ((" h", " 時間"), (" min", " 分"), (" s", " 秒"))


def said(language: Language, key: str, **values: object) -> str:
    """The phrase under `key` with the values filled in."""
    return WORDS[key][language == "ja"].format(**values)


def took(language: Language, seconds: float) -> str:
    """45 s, 3 min, 2 h 05 min; 45 秒, 3 分, 2 時間 05 分"""
    text = duration(seconds)
    for unit, japanese in UNITS if language == "ja" else ():
        text = text.replace(unit, japanese)
    return text
