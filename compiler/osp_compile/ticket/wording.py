"""The phrases of a comparison in both languages; `said` fills in the values."""

from __future__ import annotations

from collections.abc import Mapping

from osp_compile.spec.model import Language

WORDS: Mapping[str, tuple[str, str]] = {
    "title": (
        "{site}, change {change}: what changed for the operator",
        "{site}、変更 {change}: 作業者にとっての変更点",
    ),
    "bundles": ("bundle {new}; before: {old}", "バンドル {new} (変更前 {old})"),
    "same": ("The two bundles are byte for byte the same.", "2 つのバンドルは 1 バイトも違いません。"),
    "rest": (
        "The rest is byte for byte the same: {equal} of {total} files.",
        "そのほかは 1 バイトも違いません: {total} ファイル中 {equal} ファイル。",
    ),
    "no_rest": ("No file is the same in both.", "同じファイルはありません。"),
    "carriers": ("These changes are in: {files}", "変更のあるファイル: {files}"),
    "more": ("and {count} more", "ほか {count} 件"),
    "more_lines": ("{count} more lines: --format markdown", "ほか {count} 行: --format markdown"),
    "long_lines": ("{count} more lines are in HTML and JSON", "ほか {count} 行は HTML と JSON にあります"),
    # the page
    "what_changed": ("What changed for the operator", "作業者にとっての変更点"),
    "contents": ("Contents", "目次"),
    "skip": ("Skip to the changes", "変更点へ"),
    "before": ("Before", "変更前"),
    "now": ("Now", "変更後"),
    "files": ("Files that have these changes", "変更のあるファイル"),
    "place": ("place", "順番"),
    "at_place": ("place {at}", "{at} 番目"),
    "count_steps": ("{count} steps", "{count} 手順"),
    # parts
    "p_faults": ("Not as it was compiled", "コンパイル後に変更されたファイル"),
    "p_values": ("Decisions of the spec", "spec の方針と値"),
    "p_nodes": ("Nodes", "ノード"),
    "p_env_files": ("Environment files", "環境ファイル"),
    "p_waive": ("Waived checks", "免除した確認"),
    "p_accept.ceph": ("Accepted warnings of Ceph", "許容する Ceph の警告"),
    "p_nfv.instances": ("OVS-DPDK instances", "OVS-DPDK インスタンス"),
    "p_compute_reboot.targets": ("Where the instances of a compute go", "コンピュートごとの移行先"),
    "p_contacts": ("Whom to call", "連絡先"),
    "p_sections": ("Sections", "セクション"),
    "p_steps_site": ("Steps", "手順"),
    "p_steps_compiler": (
        "Steps changed by the compiler or the guide, not by the spec",
        "手順 (コンパイラーまたはガイドによる変更のみ)",
    ),
    "p_steps_either": (
        "Steps changed by the spec, the compiler or the guide",
        "手順 (spec、コンパイラー、またはガイドによる変更)",
    ),
    "p_compiler": (
        "Compiler and runtime library, whatever the site",
        "コンパイラーと共通ライブラリー (サイトによらない)",
    ),
    "p_others": ("Other files", "そのほかのファイル"),
    # faults
    "f_old": ("before: {path} ({what})", "変更前: {path} ({what})"),
    "f_new": ("now: {path} ({what})", "変更後: {path} ({what})"),
    "f_old_manifest": ("before: {what}", "変更前: {what}"),
    "f_new_manifest": ("now: {what}", "変更後: {what}"),
    # what happened to something
    "added": ("added", "追加"),
    "removed": ("removed", "削除"),
    "changed": ("changed", "変更"),
    "missing": ("missing", "欠落"),
    "moved": ("in another place", "順序の変更"),
    "none": ("none", "なし"),
    "unknown": ("the older bundle does not say", "以前のバンドルには記載なし"),
    # values
    "policy": ("{places}{now}; before, {before}", "{places}{now} (変更前: {before})"),
    "policy_new": ("{places}{now}; {before}", "{places}{now} (変更前: {before})"),
    "value": ("{places}{name} is {after}; it was {before}", "{places}{name}: {after} (変更前: {before})"),
    "change_": ("The change's number", "変更番号"),
    "change": ("the change is {after}; it was {before}", "変更番号は {after} (変更前: {before})"),
    # rows
    "row_added": ("added: {name}{row}", "追加: {name}{row}"),
    "row_removed": ("removed: {name}{row}", "削除: {name}{row}"),
    "row_changed": ("{name}: {after}; before: {before}", "{name}: {after} (変更前: {before})"),
    "row_moved": ("moved: {name}, from place {was} to {now}", "移動: {name}、{was} 番目から {now} 番目"),
    "file_added": ("added: {name}, at place {now}", "追加: {name} ({now} 番目)"),
    "file_removed": ("removed: {name}, which was at place {was}", "削除: {name} ({was} 番目にあったもの)"),
    "waive_added": ("{name} may fail: {row}", "{name} を免除: {row}"),
    "waive_removed": (
        "{name} may no longer fail; it was waived: {row}",
        "{name} の免除を取り消し (変更前の理由: {row})",
    ),
    # sections and steps
    "section_added": ("{id} {title}: added, with {count} steps", "{id} {title}: 追加 ({count} 手順)"),
    "section_removed": ("{id} {title}: removed, with its {count} steps", "{id} {title}: 削除 ({count} 手順)"),
    "section_changed": ("{id} {title}: {what}", "{id} {title}: {what}"),
    "fact": ("{name}: {after}; before: {before}", "{name}: {after} (変更前: {before})"),
    "row_of_fact": ("{name}, {what}: {row}", "{name} ({what}): {row}"),
    "around": ("lines around its steps", "手順の前後の行"),
    "was": ("it was {id}", "変更前は {id}"),
    "commands": ("commands", "コマンド"),
    "comments": ("its comments alone", "コメントのみ"),
    "requires": ("when it may run", "実行できる条件"),
    "satisfied": ("when it counts as done", "実施済みの条件"),
    "verify": ("how it is checked", "確認方法"),
    "check": ("what it checks", "確認の内容"),
    "apply": ("what it does", "実行内容"),
    "attend": ("what it does", "実行内容"),
    "rescue": ("what puts things back when it stops", "中断時の復旧"),
    "shown": ("what it shows before it asks", "確認を求める前に表示する内容"),
    # facts
    "title_": ("title", "タイトル"),
    "duration": ("duration", "所要時間"),
    "impact": ("impact", "影響"),
    "guide": ("place in the guide", "ガイドの箇所"),
    "needs": ("sections that must be done first", "先に完了すべきセクション"),
    "errata": ("errata of the guide", "ガイドの誤り"),
    "departures": ("departures from the guide", "ガイドとの相違"),
    "changes": ("what it changes", "変更対象"),
    "risk": ("risk", "影響の大きさ"),
    "shape": ("kind", "種別"),
    "for_each": ("nodes", "対象ノード"),
    "runs_on": ("host", "実行場所"),
    "deadline": ("deadline in seconds", "期限 (秒)"),
    "covers": ("commands of the guide", "ガイドのコマンド"),
    # compiler
    "compiler": ("compiled by {after}; before: {before}", "コンパイラー: {after} (変更前: {before})"),
    "compiler_": ("compiled by", "コンパイラー"),
    "format_": ("format of the manifest", "マニフェストの形式"),
    "format": ("format of the manifest {after}; before: {before}", "マニフェストの形式: {after} (変更前: {before})"),
    "file_changed": ("{path}: {what}", "{path}: {what}"),
    "lines": ("+{plus} -{minus} lines", "+{plus} -{minus} 行"),
}


def said(language: Language, key: str, **values: object) -> str:
    """The phrase under `key` with the values filled in."""
    return WORDS[key][language == "ja"].format(**values)


def word(language: Language, key: str) -> str:
    """The word under `key`, or `key` itself if it is not listed."""
    return WORDS[key][language == "ja"] if key in WORDS else key
