// SPDX-License-Identifier: Apache-2.0
// The finite automaton of patterns without variables, over bytes: the kernel compares bytes, and a letter beyond ASCII
// is several of them.
import type { Item, Pattern } from './pattern.ts';

/** A set of bytes: 256 flags. */
type Bytes = Uint8Array;

interface State {
  readonly edges: { readonly bytes: Bytes; readonly to: number }[];
  /** States that are reached without a byte. */
  readonly free: number[];
}

const SLASH = 0x2f;

function bytesWhere(test: (byte: number) => boolean): Bytes {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte !== 0 && test(byte) ? 1 : 0));
}

const ANY = bytesWhere(() => true);
const NO_SLASH = bytesWhere((byte) => byte !== SLASH);

const SINGLE = Array.from({ length: 256 }, (_, single) => bytesWhere((byte) => byte === single));

/** The automaton of some patterns: it accepts what any of them matches. */
export class Automaton {
  /** Sets of bytes on its edges. */
  readonly sets: Bytes[] = [];
  private readonly states: State[] = [];
  private readonly starts: number[] = [];
  private readonly ends = new Set<number>();

  constructor(patterns: readonly Pattern[]) {
    for (const pattern of patterns) {
      const start = this.add();
      this.starts.push(start);
      this.ends.add(this.addPattern(pattern, start));
    }
  }

  /** The states before the first byte. */
  start(): readonly number[] {
    return this.closed(this.starts);
  }

  /** The states behind a byte. */
  step(states: readonly number[], byte: number): readonly number[] {
    return this.closed(
      states.flatMap((at) =>
        (this.states[at]?.edges ?? []).filter(({ bytes }) => bytes[byte] === 1).map(({ to }) => to),
      ),
    );
  }

  /** Whether a path may end in these states. */
  accepts(states: readonly number[]): boolean {
    return states.some((at) => this.ends.has(at));
  }

  private add(): number {
    this.states.push({ edges: [], free: [] });
    return this.states.length - 1;
  }

  private edge(from: number, to: number, bytes: Bytes): void {
    this.states[from]?.edges.push({ bytes, to });
    this.sets.push(bytes);
  }

  private free(from: number, to: number): void {
    this.states[from]?.free.push(to);
  }

  private addPattern(pattern: Pattern, start: number): number {
    return pattern.reduce((at, item) => this.addItem(item, at), start);
  }

  private addItem(item: Item, from: number): number {
    switch (item.type) {
      case 'literal':
        return utf8(item.text).reduce((at, byte) => this.addByte(at, SINGLE[byte] ?? NO_SLASH), from);
      case 'one':
        return this.addByte(from, NO_SLASH);
      case 'class':
        return this.addByte(from, classBytes(item));
      case 'any':
        return this.addAny(item, from);
      case 'choice':
        return this.addChoice(item.alternatives, from);
      case 'variable':
        throw new RangeError(`@{${item.name}}: variables are put in before patterns are compared`);
      default:
        return item satisfies never;
    }
  }

  private addByte(from: number, bytes: Bytes): number {
    const to = this.add();
    this.edge(from, to, bytes);
    return to;
  }

  private addAny({ slashes, least }: Extract<Item, { type: 'any' }>, from: number): number {
    const to = this.add();
    if (least === 1) this.edge(from, to, NO_SLASH);
    else this.free(from, to);
    this.edge(to, to, slashes ? ANY : NO_SLASH);
    return to;
  }

  private addChoice(alternatives: readonly Pattern[], from: number): number {
    const ends = alternatives.map((one) => {
      const start = this.add();
      this.free(from, start);
      return this.addPattern(one, start);
    });
    const to = this.add();
    for (const end of ends) this.free(end, to);
    return to;
  }

  private closed(states: readonly number[]): readonly number[] {
    const seen = new Set(states);
    for (const at of seen) for (const to of this.states[at]?.free ?? []) seen.add(to);
    return [...seen].sort((a, b) => a - b);
  }
}

function classBytes({ negated, ranges }: Extract<Item, { type: 'class' }>): Bytes {
  return bytesWhere((byte) => ranges.some(([first, last]) => first <= byte && byte <= last) !== negated);
}

/** The bytes of a text. */
export function utf8(text: string): readonly number[] {
  return Array.from(new TextEncoder().encode(text));
}
