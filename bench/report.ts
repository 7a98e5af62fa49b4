// SPDX-License-Identifier: Apache-2.0
// How benchmarks show what they measured: every figure with the floor of this machine, the bar and the peer's figure.

/** One measured figure. */
export interface Figure {
  /** The name of the measured value. */
  readonly what: string;
  readonly value: number;
  readonly unit: 'ns' | 'ms' | 'KiB' | 'MiB' | 'names' | 'writes' | 'times' | 'x' | '%';
  /** The best that this machine could do, in the same unit, measured in the same run. */
  readonly floor: { readonly what: string; readonly value: number };
  /** The largest value that passes. */
  readonly bar: number;
  /** The original's value on the same kind of machine. */
  readonly peer?: string;
}

/**
 * The middle of the values; the mean of the two middle ones for an even count. Throws RangeError when there are none.
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new RangeError('median of no values');
  return (lower + upper) / 2;
}

/** Digits behind the point, where it is not one. */
const DIGITS: Readonly<Partial<Record<Figure['unit'], number>>> = { names: 0, writes: 0, x: 2 };

function amount(value: number, unit: Figure['unit']): string {
  return `${value.toFixed(DIGITS[unit] ?? 1)} ${unit}`;
}

/** A table of the figures, a line each. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.value <= figure.bar ? 'ok' : 'MISSED',
    figure.what,
    amount(figure.value, figure.unit),
    `bar ${amount(figure.bar, figure.unit)}`,
    `floor ${amount(figure.floor.value, figure.unit)} (${figure.floor.what})`,
    figure.peer === undefined ? '' : `[${figure.peer}]`,
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
