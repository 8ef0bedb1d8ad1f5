"""A page as blocks, and the same blocks as markdown and as HTML. Whatever stands in a text is text there.

A block is ("title", TEXT), ("heading", TEXT), ("text", TEXT), ("bad", TEXT), ("list", [TEXT...]) or ("table", [TEXT...], [[TEXT...]...]).
Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import re

from rows import plain

# (within a word an underscore is itself)
MARKDOWN = re.compile(u"([\\\\`*{}\\[\\]#|~!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
STYLE = u"""
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif; max-width: 75rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .6rem; }
h2 { font-size: 1.05rem; margin: 1.3rem 0 .4rem; border-bottom: 1px solid #8888; }
div { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; }
th, td { text-align: left; vertical-align: top; padding: .16rem .5rem; border-bottom: 1px solid #8884; }
th, td.time { white-space: nowrap; }
td.long { overflow-wrap: anywhere; }
tr.section td { font-weight: 600; background: #8881; }
p, ul { margin: .3rem 0; overflow-wrap: anywhere; }
.bad { border-left: .3rem solid #c00; padding-left: .6rem; font-weight: 600; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 9pt; margin: 0; max-width: none; padding: 0; }
  tr, h2 { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; }
}
"""


def html_text(text):
    """A text as HTML has it, between tags and in quotes."""
    text = plain(text)
    for sign, name in ((u"&", u"&amp;"), (u"<", u"&lt;"), (u">", u"&gt;"), (u'"', u"&quot;"), (u"'", u"&#39;")):
        text = text.replace(sign, name)
    return text


def markdown_text(text):
    """A text as markdown has it, in a cell of a table too."""
    text = plain(text).replace(u"&", u"&amp;").replace(u"<", u"&lt;").replace(u">", u"&gt;")
    if text == u"-":
        return text
    text = MARKDOWN.sub(u"\\\\\\1", text)
    # what begins a line must not begin a list
    return re.sub(u"^(\\d*)([-+=.)])(?=\\s|$)", u"\\1\\\\\\2", text)


def markdown(blocks):
    """The page as markdown."""
    return u"\n\n".join(MARKDOWN_BLOCKS[block[0]](*block[1:]) for block in blocks) + u"\n"


def _markdown_table(heads, rows):
    lines = [u"| %s |" % u" | ".join(markdown_text(cell) for cell in row) for row in [heads] + rows]
    return u"\n".join(lines[:1] + [u"|" + u"---|" * len(heads)] + lines[1:])


MARKDOWN_BLOCKS = {
    "title": lambda text: u"# %s" % markdown_text(text),
    "heading": lambda text: u"## %s" % markdown_text(text),
    "text": markdown_text,
    "bad": lambda text: u"**%s**" % markdown_text(text),
    "list": lambda items: u"\n".join(u"- %s" % markdown_text(item) for item in items),
    "table": _markdown_table,
}


def html(blocks, language):
    """The page as HTML: one file, which fetches nothing and runs nothing."""
    body = u"\n".join(HTML_BLOCKS[block[0]](*block[1:]) for block in blocks)
    title = next((block[1] for block in blocks if block[0] == "title"), u"")
    return (
        u'<!DOCTYPE html>\n<html lang="%s">\n<head>\n<meta charset="utf-8">\n'
        u'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">\n'
        u'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        u"<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n%s\n</body>\n</html>\n"
    ) % (html_text(language), html_text(title), STYLE, body)


def _html_table(heads, rows):
    head = u"".join(u"<th>%s</th>" % html_text(cell) for cell in heads)
    lines = []
    for row in rows:
        # a section's own row, above those of its steps
        mark = u' class="section"' if SECTION.match(row[0]) else u""
        lines.append(u"<tr%s>%s</tr>" % (mark, u"".join(_html_cell(cell) for cell in row)))
    return u"<div><table>\n<thead><tr>%s</tr></thead>\n<tbody>\n%s\n</tbody>\n</table></div>" % (head, u"\n".join(lines))


def _html_cell(text):
    kind = u' class="time"' if TIME.match(text) else u' class="long"' if LONG.search(text) else u""
    return u"<td%s>%s</td>" % (kind, html_text(text))


TIME = re.compile(u"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\Z|[0-9]+ (?:s|min|h)(?: [0-9]{2} (?:s|min))?\\Z")
# a word that would make its column too wide for paper
LONG = re.compile(u"\\S{24}")
SECTION = re.compile(u"2\\.[0-9]{2}(?: |$)")
HTML_BLOCKS = {
    "title": lambda text: u"<h1>%s</h1>" % html_text(text),
    "heading": lambda text: u"<h2>%s</h2>" % html_text(text),
    "text": lambda text: u"<p>%s</p>" % html_text(text),
    "bad": lambda text: u'<p class="bad">%s</p>' % html_text(text),
    "list": lambda items: u"<ul>%s</ul>" % u"".join(u"<li>%s</li>" % html_text(item) for item in items),
    "table": _html_table,
}
