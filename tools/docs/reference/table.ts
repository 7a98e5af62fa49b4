// SPDX-License-Identifier: Apache-2.0
// Tables and first lines of the pages that are printed.

/** The text of a cell: one line, in which a bar does not end the cell. */
export function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

/** A word as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A table; none where it has no rows. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/**
 * A page that is printed.
 *
 * @param source - what it is printed from, for its first line
 * @param blocks - paragraphs, tables and headings, in order; empty ones are left out
 */
export function printedPage(source: string, blocks: readonly string[]): string {
  const head = `<!-- Generated from ${source} by npm run gen. Do not edit. -->`;
  return `${[head, ...blocks.filter((block) => block !== '')].map((block) => block.trimEnd()).join('\n\n')}\n`;
}
