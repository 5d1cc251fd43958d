"""The page's style: quiet, of the system's own fonts, light and dark, on paper too."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f8; --ink: #1b1f24; --soft: #57606a; --rule: #d5d9de;
  --thread: #98a1ab;
  --link: #0b57b0; --good: #1a6d34; --reused: #4a5a78; --bad: #b3201f; --warn: #845400;
  --idle: #646c76;
  --good-fill: #eaf5ec; --reused-fill: #edf0f6; --bad-fill: #fdeceb; --warn-fill: #fdf3df;
  --idle-fill: #f1f2f4;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --raised: #1c2024; --ink: #e3e6ea; --soft: #a0a8b2; --rule: #363c44;
    --thread: #6b747f;
    --link: #86b7f7; --good: #74c68a; --reused: #a9b8d6; --bad: #ff938a; --warn: #e3b35c;
    --idle: #a0a8b2;
    --good-fill: #17281c; --reused-fill: #1f2530; --bad-fill: #341b1a; --warn-fill: #2e2515;
    --idle-fill: #20242a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.55 var(--sans); font-variant-numeric: tabular-nums;
  overflow-wrap: break-word;
}
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.75rem; }
h1 { font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 0; }
h1 .run {
  display: block; font: 400 0.95rem/1.6 var(--mono); letter-spacing: 0; color: var(--soft);
}
h2 { font-size: 1.3rem; line-height: 1.3; font-weight: 650; margin: 0 0 0.9rem; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 650; margin: 1.6rem 0 0.4rem; }
p { margin: 0.5rem 0; }
section { padding: 2rem 0 0.5rem; border-top: 1px solid var(--rule); margin-top: 1.75rem; }
section > h2 + .artifact > h3, section > h2 + * { margin-top: 0; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.4rem 0.8rem; }
code, pre { font-family: var(--mono); font-size: 0.88em; }
pre {
  margin: 0.4rem 0; padding: 0.8rem 1rem; background: var(--raised); border-radius: 6px;
  overflow: auto; max-height: 34rem; line-height: 1.5; tab-size: 4;
}
.note { color: var(--soft); font-size: 0.87rem; font-weight: 400; }
.verdict { font-size: 1.1rem; font-weight: 600; margin: 0.7rem 0 0; }
dl { display: flex; flex-wrap: wrap; gap: 0.9rem 2.75rem; margin: 1.3rem 0 0; }
dl > div { min-width: 0; }
dl .whole { flex: 1 0 100%; }
dt { color: var(--soft); font-size: 0.8rem; }
dd { margin: 0; }
nav { max-width: 68rem; margin: 1.75rem auto 0; padding: 0 1.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0;
  padding: 0; font-size: 0.93rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.state { white-space: nowrap; }
.sign { display: inline-block; min-width: 1.05em; font-weight: 700; }
.state.succeeded, .state.holds { color: var(--good); }
.state.reused { color: var(--reused); }
.state.failed, .error { color: var(--bad); }
.state.cancelled, .state.warned, .warning, .state.running { color: var(--warn); }
.state.skipped, .state.unfinished { color: var(--idle); }
.wide { overflow-x: auto; margin: 0.5rem 0; }
table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; color: var(--soft); font-size: 0.87rem; padding: 0 0 0.35rem;
  white-space: nowrap; }
th, td {
  text-align: left; vertical-align: top; font-weight: 400; padding: 0.32rem 1.25rem 0.32rem 0;
  border-bottom: 1px solid var(--rule); max-width: 34rem;
}
th:last-child, td:last-child { padding-right: 0.25rem; }
thead th { color: var(--soft); font-size: 0.85rem; border-bottom-color: var(--soft);
  vertical-align: bottom; white-space: nowrap; }
tbody th { font-weight: 550; }
td:not(:last-child), tbody th { white-space: nowrap; }
td code { white-space: pre-wrap; }
.roomy td { white-space: normal; }
.roomy .name { white-space: nowrap; }
.roomy td.num { white-space: nowrap; }
.long td { max-width: none; }
.num { text-align: right; }
td i { color: var(--soft); }
.tasks tbody th, td.digest { font-family: var(--mono); font-size: 0.85em; font-weight: 400; }
.digest { color: var(--soft); }
.output { white-space: nowrap; }
.mark { color: var(--warn); font-size: 0.85rem; }
.asked { display: block; font-size: 0.8rem; }
.extreme { color: var(--soft); font-size: 0.75em; }
th .title, th button {
  display: inline-block; max-width: 16rem; white-space: normal; overflow-wrap: break-word;
  text-align: inherit;
}
th button {
  font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
  text-decoration: underline dotted; text-underline-offset: 0.2em;
}
th[aria-sort=ascending] button::after { content: " ↑"; }
th[aria-sort=descending] button::after { content: " ↓"; }
details { margin: 0.4rem 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; max-width: 100%; }
td details { margin: 0; }
.plain { list-style: none; margin: 0.2rem 0; padding: 0; }
.many { columns: 15rem; column-gap: 2rem; list-style: none; margin: 0.2rem 0 0.8rem; padding: 0; }
.many li { break-inside: avoid; }
.many span { color: var(--soft); }
.failure { border-left: 3px solid var(--bad); padding-left: 1rem; margin: 1rem 0; }
.failure summary { color: var(--ink); }
.failure h3 { display: inline; font-family: var(--mono); font-size: 0.95rem; }
.failure .message { font-size: 1.05rem; }
.rule { margin-bottom: 0; }
figure { margin: 0; }
.printed { margin: 0.8rem 0; }
.printed figcaption, .chart figcaption { color: var(--soft); font-size: 0.87rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
.figures figure { max-width: 100%; flex: 0 1 auto; min-width: 0; }
.figures img { display: block; max-width: 100%; max-height: 40rem; height: auto;
  background: #fff; border: 1px solid var(--rule); border-radius: 4px; }
.figures figure:has(iframe) { flex: 1 1 100%; }
iframe { width: 100%; height: 28rem; border: 1px solid var(--rule); border-radius: 4px;
  background: #fff; color-scheme: light; resize: vertical; overflow: auto; }
.figures figcaption { margin-top: 0.4rem; font-size: 0.87rem; color: var(--soft); }
.figures figcaption b { color: var(--ink); font-weight: 550; }
.charts { display: flex; flex-wrap: wrap; gap: 1.25rem 2rem; margin-top: 1rem; }
.chart { width: 300px; max-width: 100%; }
svg { display: block; }
svg text { font-family: var(--sans); fill: var(--ink); }
.chart svg { width: 100%; height: auto; }
.chart text { font-size: 11px; fill: var(--soft); }
.chart .frame { fill: none; stroke: var(--rule); }
.chart polyline { fill: none; stroke: var(--link); stroke-width: 1.75; }
.chart circle { fill: var(--link); }
.graph { margin: 0 auto; }
.graph a { text-decoration: none; }
.graph rect { fill: var(--fill); stroke: var(--line); stroke-width: 1; }
.graph .hit { fill: transparent; stroke: none; }
.graph .gives path { stroke: var(--line); stroke-width: 0.6; fill: none; }
.graph .name { font-size: 13.5px; font-weight: 600; }
.graph .line, .graph .kind { font-size: 11px; fill: var(--soft); }
.graph .sign { font-size: 13px; text-anchor: end; fill: var(--line); }
.graph .given { font-size: 12.5px; text-anchor: middle; }
.graph .kind { text-anchor: middle; }
.graph path.line { fill: none; stroke: var(--thread); stroke-width: 1.4; }
.graph path.near { stroke: var(--link); stroke-width: 2.2; }
.graph a:hover .name, .graph a:hover .given { text-decoration: underline; }
.graph a:focus-visible { outline: none; }
.graph a:focus-visible rect { stroke: var(--link); stroke-width: 2.5; }
.box.source { --fill: var(--ground); --line: var(--soft); }
.box.succeeded { --fill: var(--good-fill); --line: var(--good); }
.box.reused { --fill: var(--reused-fill); --line: var(--reused); }
.box.failed { --fill: var(--bad-fill); --line: var(--bad); }
.box.cancelled { --fill: var(--warn-fill); --line: var(--warn); }
.box.skipped, .box.unfinished { --fill: var(--idle-fill); --line: var(--idle); }
.box.skipped rect, .box.unfinished rect { stroke-dasharray: 4 3; }
#about { min-height: 1.6em; margin-top: 0.75rem; }
#about .state { margin-right: 1.1rem; }
.timeline text { font-size: 11px; fill: var(--ink); }
.timeline .ticks path { stroke: var(--rule); fill: none; }
.timeline .ticks text { fill: var(--soft); }
.bar { fill: var(--good); }
.bar.failed { fill: var(--bad); }
.bar.cancelled { fill: var(--warn); }
.spec { max-height: none; }
.log { display: flex; flex-direction: column-reverse; }
.tall { max-height: 34rem; overflow: auto; }
.tall thead th { position: sticky; top: 0; background: var(--ground); }
dd .state { margin-right: 1.1rem; }
.key { color: var(--link); }
.comment { color: var(--soft); font-style: italic; }
footer { color: var(--soft); font-size: 0.87rem; padding-top: 2rem; padding-bottom: 3rem; }
@media (max-width: 40rem) {
  body { font-size: 14.5px; }
  header, main, footer, nav { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.5rem; }
  h1 { font-size: 1.6rem; }
  dl { gap: 0.7rem 1.5rem; }
}
@media print {
  :root {
    --ground: #fff; --raised: #fff; --ink: #000; --soft: #444; --rule: #bbb; --link: #000;
    --good: #12572a; --reused: #3c4a66; --bad: #8f1413; --warn: #6b4400; --idle: #555;
    --good-fill: #f2f9f3; --reused-fill: #f2f4f8; --bad-fill: #fdf1f0; --warn-fill: #fdf7ea;
    --idle-fill: #f5f5f5;
  }
  @page { margin: 18mm 15mm; }
  html { font-size: 12px; }
  body { font-size: 8.6pt; }
  nav, .skip, iframe + .note { display: none; }
  header, main, footer { max-width: none; padding: 0; }
  section { break-inside: auto; }
  h2, h3, caption, figcaption { break-after: avoid; }
  tr, figure, svg { break-inside: avoid; }
  .wide, .tall, pre { overflow: visible; max-height: none; }
  pre { white-space: pre-wrap; }
  .tall thead th { position: static; }
  th, td { padding-right: 0.9rem; overflow-wrap: anywhere; }
  td:not(:last-child), tbody th, .output, .state { white-space: normal; }
  thead th, td.num, caption { overflow-wrap: normal; white-space: normal; }
  svg { max-width: 100%; height: auto; }
  details::details-content { content-visibility: visible; height: auto; }
  details > summary { color: #000; list-style: none; }
}
"""
