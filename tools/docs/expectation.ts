// SPDX-License-Identifier: Apache-2.0
// Compares the output of a command with what a page shows. Only what differs from run to run is let pass: `…` stands
// for any text, on a line of its own for any lines; two spaces or more for as many as the columns of kubectl take; a
// time of spoc's log for any other.

const TIME = /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g;

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function linePattern(line: string): string {
  if (line.trim() === '…') return '(?:.*\\n)*?';
  const pieces = line
    .trimEnd()
    .split('…')
    .map((piece) =>
      piece
        .split(TIME)
        .map((text) => text.split(/ {2,}/).map(escaped).join(' {2,}'))
        .join('\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d'),
    );
  return `${pieces.join('.*')} *\\n`;
}

/** Whether an output is the one that is shown. */
export function fits(expected: string, actual: string): boolean {
  const lines = expected.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1);
  const whole = actual === '' || actual.endsWith('\n') ? actual : `${actual}\n`;
  return new RegExp(`^${lines.map(linePattern).join('')}$`).test(whole);
}
