import { Marked, type Tokens } from 'marked';

const ALERT = /^\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*(?:<br>)?/;

/** A page that shows Markdown about as GitHub does, in its light colours; `mermaid` blocks are left to be drawn. */
export function writePage(markdown: string): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      code({ text, lang }: Tokens.Code): string | false {
        return lang === 'mermaid' ? `<pre class="mermaid">${escapeHtml(text)}</pre>\n` : false;
      },
      blockquote({ tokens }: Tokens.Blockquote): string | false {
        const inner = this.parser.parse(tokens);
        const kind = ALERT.exec(inner)?.[1]?.toLowerCase();
        if (kind === undefined) return false;
        const title = `<p class="alert-title">${kind.charAt(0).toUpperCase()}${kind.slice(1)}</p>`;
        return `<blockquote class="alert ${kind}">${title}${inner.replace(ALERT, '<p>')}</blockquote>\n`;
      },
    },
  });
  const body = marked.parse(markdown, { async: false });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report</title><style>${STYLE}</style></head>
<body><article>${body}</article></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
body { margin: 0; background: #fff; color: #1f2328; }
article { padding: 24px 32px; font: 14px/1.5 "Liberation Sans", "Noto Color Emoji", "DejaVu Sans", sans-serif; }
h1, h2 { padding-bottom: .3em; border-bottom: 1px solid #d1d9e0; line-height: 1.25; }
h1 { font-size: 26px; margin: 0 0 16px; }
h2 { font-size: 20px; margin: 24px 0 16px; }
h3 { font-size: 16px; margin: 20px 0 10px; }
p, ul, ol, table, pre, blockquote, details { margin: 0 0 14px; }
ul, ol { padding-left: 2em; }
li > ul, li > ol { margin: 0; }
li + li { margin-top: 4px; }
a { color: #0969da; text-decoration: none; }
code { padding: .2em .4em; border-radius: 6px; background: #818b981f; font: 85% "DejaVu Sans Mono", monospace; }
a code { color: inherit; }
pre { padding: 14px; border-radius: 6px; background: #f6f8fa; overflow: auto; }
pre code { padding: 0; background: none; }
pre.mermaid { padding: 8px 0; background: none; text-align: center; }
pre.mermaid svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto; }
th, td { padding: 5px 11px; border: 1px solid #d1d9e0; }
tbody tr:nth-child(2n) { background: #f6f8fa; }
blockquote { padding: 0 1em; border-left: .25em solid #d1d9e0; color: #59636e; }
blockquote.alert { color: inherit; }
.alert-title { font-weight: bold; }
.caution { border-color: #cf222e; } .caution .alert-title { color: #d1242f; }
.warning { border-color: #9a6700; } .warning .alert-title { color: #9a6700; }
summary { cursor: pointer; }
`;
