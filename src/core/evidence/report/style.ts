// SPDX-License-Identifier: Apache-2.0
// The look of a report: of the system's own fonts, dark where the reader prefers it, black on white in print, narrow
// on a telephone.

/** The style sheet. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #d0d4da; --soft: #57606a; --mark: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #14171a; --faint: #3a4048; --soft: #9aa4af; --mark: #6cb0f5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-top: 2px solid var(--faint);
  padding-top: 1rem; } h3 { font-size: 1.05rem; margin-bottom: .3rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; }
.verdict { border-left: .4rem solid var(--ink); padding: .3rem .8rem; margin: 1rem 0; } .verdict.no { border-left-style: double; }
.verdict.unknown { border-left-style: dotted; } .note { color: var(--soft); font-size: .9rem; margin: .2rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; padding: .15rem .6rem .15rem 0;
  border-bottom: 1px solid var(--faint); } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; } svg text { fill: var(--ink); }
.grid { stroke: var(--faint); fill: none; } .band { fill: var(--mark); fill-opacity: .15; } .frame { fill: none; stroke: var(--faint); }
.bound { stroke: var(--mark); fill: none; stroke-dasharray: 4 3; } .curve { stroke: var(--mark); fill: none; stroke-width: 2; }
.seen { fill: var(--mark); } pre { white-space: pre-wrap; font: .85em ui-monospace, monospace; } code { font-family: ui-monospace, monospace; font-size: .9em; }
@media (max-width: 32rem) { body { padding: .6rem; font-size: 15px; } dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #999; --soft: #333; --mark: #000; }
  body { max-width: none; font-size: 10pt; } h2 { break-before: page; } h2:first-of-type { break-before: auto; } tr { break-inside: avoid; } }
`;
