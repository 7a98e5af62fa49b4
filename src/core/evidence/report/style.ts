// SPDX-License-Identifier: Apache-2.0
// The look of a report: of the system's own fonts, dark where the reader prefers it, black on white in print, narrow
// on a telephone.

/** The style sheet. Letters of the plot are drawn larger where it is small. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #d0d4da; --soft: #57606a; --mark: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #14171a; --faint: #3a4048; --soft: #9aa4af; --mark: #6cb0f5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin-bottom: 0; } h2 { font-size: 1.3rem; line-height: 1.3; margin-top: 1.5rem;
  border-top: 2px solid var(--faint); padding-top: 1rem; } h3 { font-size: 1.05rem; margin: 1.8rem 0 .3rem; }
section + section { margin-top: 3rem; } a { color: var(--mark); }
dl { display: grid; grid-template-columns: 14rem 1fr; gap: .25rem 1rem; margin: 0; line-height: 1.4; }
dt { grid-column: 1; color: var(--soft); } dd { grid-column: 2; margin: 0; }
.verdict { border-left: .4rem solid var(--ink); padding: .3rem .8rem; margin: 1rem 0; } .verdict ul { margin: .3rem 0; }
.verdict.no { border-left-style: double; } .verdict.unknown { border-left-style: dotted; }
.note { color: var(--soft); font-size: .9rem; margin: .2rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; vertical-align: top;
  padding: .15rem .9rem .15rem 0; border-bottom: 1px solid var(--faint); overflow-wrap: normal; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } .overview { margin-top: 1rem; }
.calls { line-height: 1.3; } .calls td:first-child { overflow-wrap: anywhere; } .calls .map { width: 60%; padding: 0; vertical-align: bottom; }
td.map { border-left: 1px solid var(--faint); border-right: 1px solid var(--faint); }
.map svg { display: block; width: 100%; height: 1.35rem; fill: var(--mark); } .ends { display: flex; justify-content: space-between; }
.plot { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; } .plot text { fill: var(--ink); }
.grid { stroke: var(--faint); fill: none; } .band { fill: var(--mark); fill-opacity: .15; }
.bound { stroke: var(--mark); fill: none; stroke-dasharray: 4 3; } .curve { stroke: var(--mark); fill: none; stroke-width: 2; }
h4 { margin: 1.5rem 0 .3rem; font-size: .95rem; } .usual { columns: 11rem; list-style: none; margin: 0; padding: 0; font-size: .9rem; line-height: 1.4; }
pre { white-space: pre-wrap; font: .85em ui-monospace, monospace; } code { font-family: ui-monospace, monospace; font-size: .9em; }
details { margin-top: .8rem; font-size: .9rem; } summary { cursor: pointer; } details ol { columns: 14rem; margin: .5rem 0; }
@media (max-width: 38rem) { body { padding: .6rem; font-size: 15px; } dl { display: block; } dt { margin-top: .4rem; }
  ul, ol { padding-left: 1.2rem; } th, td { padding-right: .5rem; } .share { display: none; } .calls .map { width: 45%; }
  .overview thead { display: none; } .overview td { display: inline-block; border: 0; } .overview td:first-child { display: block; }
  .overview tr { border-bottom: 1px solid var(--faint); } .overview td:not(:first-child)::before { content: attr(data-name) ': '; color: var(--soft); }
  .plot { font-size: 19px; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #999; --soft: #333; --mark: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; } section + section { break-before: page; } h2, h3, h4, .note { break-after: avoid; }
  dl { grid-template-columns: 11rem 1fr; display: grid; } tr, .plot, dd, li { break-inside: avoid; } a { color: inherit; }
  .plot { font-size: 11px; } .calls .map { width: 55%; } .map svg { height: .9rem; } details:not([open]) { display: none; } }
`;
