"""A page as blocks, and the same blocks as markdown and as HTML. Whatever a text holds is shown as text.

A block is ("title", TEXT), ("heading", TEXT), ("text", TEXT), ("bad", TEXT), ("list", [TEXT...]) or ("table", [TEXT...], [[TEXT...]...]).
Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import re

from rows import plain

# (within a word an underscore is itself)
MARKDOWN = re.compile(u"([\\\\`*{}\\[\\]#|~!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
STYLE = u"""
:root { color-scheme: light dark; background: Canvas; color: CanvasText; }
body { background: Canvas; font: 14px/1.45 system-ui, "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif; max-width: 75rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .6rem; }
h2 { font-size: 1.05rem; margin: 1.3rem 0 .4rem; border-bottom: 1px solid #8888; }
div { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .97em; }
th, td { text-align: left; vertical-align: top; padding: .16rem .5rem; border-bottom: 1px solid #8884; }
th, td.whole { white-space: nowrap; }
/* a phrase of Japanese is not torn apart where a browser knows how */
h1, h2, td { word-break: auto-phrase; }
td.long { overflow-wrap: anywhere; min-width: 8em; }
tr.section { background: #8881; } tr.section td { font-weight: 600; }
p, ul { margin: .3rem 0; overflow-wrap: anywhere; }
.bad { border-left: .3rem solid #c00; padding-left: .6rem; font-weight: 600; }
@media screen and (max-width: 45rem) {
  .wide thead { display: none; }
  .wide tr, .wide td { display: block; border: 0; padding: .05rem .3rem; }
  .wide tr { border-bottom: 1px solid #8884; padding: .35rem 0; }
  .wide td + td { display: inline-block; padding-right: .9rem; white-space: normal; }
  .wide td.nothing { display: none; }
  .wide td + td::before { content: attr(data-head) ": "; opacity: .75; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 8.5pt; margin: 0; max-width: none; padding: 0; } div { overflow: visible; } td, th { padding: .1rem .4rem; }
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
        u"<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n%s\n</main>\n</body>\n</html>\n"
    ) % (html_text(language), html_text(title), STYLE, body)


def _html_table(heads, rows):
    head = u"".join(u"<th>%s</th>" % html_text(cell) if cell else u"<td></td>" for cell in heads)
    lines = []
    for row in rows:
        # a section's own row, above those of its steps
        mark = u' class="section"' if SECTION.match(row[0]) else u""
        lines.append(u"<tr%s>%s</tr>" % (mark, u"".join(_html_cell(cell, name) for cell, name in zip(row, heads))))
    # (on a narrow screen each row of many columns is a block of its own)
    wide = u' class="wide"' if len(heads) > NARROW else u""
    return u"<div><table%s>\n<thead><tr>%s</tr></thead>\n<tbody>\n%s\n</tbody>\n</table></div>" % (wide, head, u"\n".join(lines))


def _html_cell(text, head):
    kind = u"nothing" if text in (u"", u"-") else u"whole" if WHOLE.match(text) else u"long" if LONG.search(text) else u""
    mark = u' class="%s"' % kind if kind else u""
    lines = text.split(u"; ") if kind == u"long" else [text]
    return u'<td%s data-head="%s">%s</td>' % (mark, html_text(head), u";<br>".join(html_text(line) for line in lines))


# tables of more columns need another layout where the screen is narrow
NARROW = 3
# times, spans of them, numbers and their ranges, kernels: broken over two lines they cannot be read
WHOLE = re.compile(
    u"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\Z|[0-9]+ (?:s|min|h)(?: [0-9]{2} (?:s|min))?\\Z"
    u"|[0-9]+(?:-[0-9]+)?(?: (?:min|\u5206))?\\Z|[0-9]+\\.[0-9]+\\.[0-9]+-[A-Za-z0-9._]{1,40}\\Z"
)
# a word that would make its column too wide for paper
LONG = re.compile(u"\\S{24}")
SECTION = re.compile(u"2\\.[0-9]{2} \\S")
HTML_BLOCKS = {
    "title": lambda text: u"<h1>%s</h1>" % html_text(text),
    "heading": lambda text: u"<h2>%s</h2>" % html_text(text),
    "text": lambda text: u"<p>%s</p>" % html_text(text),
    "bad": lambda text: u'<p class="bad">%s</p>' % html_text(text),
    "list": lambda items: u"<ul>%s</ul>" % u"".join(u"<li>%s</li>" % html_text(item) for item in items),
    "table": _html_table,
}
