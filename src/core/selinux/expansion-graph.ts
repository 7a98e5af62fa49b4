// SPDX-License-Identifier: Apache-2.0
// The size of what compilers make of pieces that refer to one another by name. Each name stands for a whole copy, so
// that few lines can double with each of their steps. Names are compared without the blocks in which they are: pieces
// of one name are counted together, which is never too little.
import { placeOf } from './cil.ts';
import type { CilFault, CilPlace } from './cil.ts';

/** A piece of a policy. */
export interface Piece {
  readonly place: CilPlace;
  /** Words of its own. */
  words: number;
  /** Pieces inside of it, which are copied with it. */
  readonly inner: Piece[];
  /** Names of pieces of which it has a copy each. */
  readonly copies: string[];
}

/** Words of all copies; secilc 3.4 takes less than 20 MB for as many. */
const MOST_COPIED = 100_000;

/** Pieces through one another; compilers walk them by recursion. */
const MOST_LEVELS = 1000;

interface Size {
  /** Words with those of all copies. */
  readonly words: number;
  /** Words of the copies. */
  readonly copied: number;
  readonly levels: number;
}

const NOTHING: Size = { words: 0, copied: 0, levels: 0 };

/** A piece with nothing inside of it yet. */
export function pieceAt(place: CilPlace, words = 0, copies: readonly string[] = []): Piece {
  return { place, words, inner: [], copies: [...copies] };
}

/** Pieces by their names. */
export class ExpansionGraph {
  private readonly named = new Map<string, Piece[]>();
  private readonly sizes = new Map<Piece, Size>();
  private readonly sizesOfNames = new Map<string, Size>();
  private readonly open = new Set<Piece>();
  private fault: CilFault | undefined;

  add(name: string, piece: Piece): void {
    const pieces = this.named.get(name);
    if (pieces === undefined) this.named.set(name, [piece]);
    else pieces.push(piece);
  }

  /** The first piece that grows too large, or comes back to itself. */
  faultOf(root: Piece): CilFault | undefined {
    this.measure(root);
    return this.fault;
  }

  private measure(piece: Piece): Size {
    const known = this.sizes.get(piece);
    if (known !== undefined || this.fault !== undefined) return known ?? NOTHING;
    if (this.open.has(piece)) return this.refuse(piece, 'copies itself');
    if (this.open.size > MOST_LEVELS) return this.refuse(piece, TOO_DEEP);
    this.open.add(piece);
    const size = this.sum(piece);
    this.open.delete(piece);
    this.sizes.set(piece, size);
    if (size.copied > MOST_COPIED) return this.refuse(piece, TOO_LARGE);
    return size.levels > MOST_LEVELS ? this.refuse(piece, TOO_DEEP) : size;
  }

  private sum({ words, inner, copies }: Piece): Size {
    const within = inner.map((piece) => this.measure(piece)).reduce(together, NOTHING);
    const copied = copies.map((name) => this.measureName(name)).reduce(together, NOTHING);
    return {
      words: words + within.words + copied.words,
      copied: within.copied + copied.words,
      levels: Math.max(within.levels, copied.levels) + 1,
    };
  }

  private measureName(name: string): Size {
    const known = this.sizesOfNames.get(name);
    if (known !== undefined) return known;
    const size = (this.named.get(name) ?? []).map((piece) => this.measure(piece)).reduce(together, NOTHING);
    this.sizesOfNames.set(name, size);
    return size;
  }

  private refuse({ place }: Piece, reason: string): Size {
    this.fault ??= { ...placeOf(place), reason };
    return NOTHING;
  }
}

const TOO_DEEP = `more than ${String(MOST_LEVELS)} macros, blocks or attributes through one another`;
const TOO_LARGE = `copies of macros, blocks or attributes come to more than ${String(MOST_COPIED)} words`;

function together(a: Size, b: Size): Size {
  return { words: a.words + b.words, copied: a.copied + b.copied, levels: Math.max(a.levels, b.levels) };
}
