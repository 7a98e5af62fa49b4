// SPDX-License-Identifier: Apache-2.0
// Whether a raw policy stays of a size that compilers of a node can bear. Macros are copied to each call, blocks to
// each heir, and attributes are walked anew for each attribute that names them: twenty short lines, each with two of
// the one before, take gigabytes or minutes, and no other policy of the node is installed meanwhile.
import type { CilFault, CilList, CilNode } from './cil.ts';
import { ExpansionGraph, pieceAt } from './expansion-graph.ts';
import type { Piece } from './expansion-graph.ts';
import { headOf, partsOf } from './statement-check.ts';
import { STATEMENTS } from './statements.ts';
import { shown } from './words.ts';

/** Names of the parameters around a statement, and the keys by which calls give them a meaning. */
type Parameters = ReadonlyMap<string, string>;

/** The faults of statements that have the right form: one at most for copies, and one for attributes. */
export function expansionFaults(statements: readonly CilList[], block: string): readonly CilFault[] {
  const [first] = statements;
  return first === undefined ? [] : new Expansion(first, block).faultsOf(statements);
}

class Expansion {
  private readonly copies = new ExpansionGraph();
  private readonly sets = new ExpansionGraph();
  private readonly faults: CilFault[] = [];
  private readonly root: Piece;
  private readonly allSets: Piece;
  /** Pieces of what `in` can change. */
  private readonly places: (readonly [string, Piece])[] = [];
  /** Pieces that `in` adds, by the name of the place. */
  private readonly additions = new Map<string, Piece[]>();

  constructor(first: CilList, block: string) {
    this.root = pieceAt(first);
    this.allSets = pieceAt(first);
    this.copies.add(block, this.root);
    this.places.push([block, this.root]);
  }

  faultsOf(statements: readonly CilList[]): readonly CilFault[] {
    this.visitAll(statements, this.root, new Map());
    for (const [name, piece] of this.places) {
      for (const addition of this.additions.get(name) ?? []) piece.inner.push(addition);
    }
    const found = [this.copies.faultOf(this.root), this.sets.faultOf(this.allSets)];
    return [...this.faults, ...found.filter((fault) => fault !== undefined)];
  }

  private visitAll(nodes: readonly CilNode[], piece: Piece, parameters: Parameters): void {
    for (const node of nodes) if (node.kind === 'list') this.visit(node, piece, parameters);
  }

  private visit(node: CilList, piece: Piece, parameters: Parameters): void {
    const head = headOf(node) ?? '';
    const form = STATEMENTS.get(head);
    if (form === undefined) return;
    const { fixed, rest } = partsOf(node, form);
    const name = lastStep(fixed[head === 'in' ? fixed.length - 1 : 0]);
    piece.words += 1 + count(fixed);
    if (head === 'call' || head === 'blockinherit') piece.copies.push(name);
    if (head === 'call') this.bind(node, name, fixed[1], parameters);
    if (head === 'typeattributeset') this.noteSet(node, fixed, parameters);
    if (form.rest === 'branches') {
      for (const branch of rest) if (branch.kind === 'list') this.visitAll(branch.items.slice(1), piece, parameters);
    } else if (form.rest !== 'none') {
      const inside = head === 'macro' ? parametersOf(name, fixed[1]) : parameters;
      this.visitAll(rest, this.pieceOf(node, head, name, piece), inside);
    }
  }

  private pieceOf(node: CilList, head: string, name: string, around: Piece): Piece {
    const piece = pieceAt(node);
    if (head === 'in') {
      // Where the place is not of this policy, it counts here.
      this.root.inner.push(piece);
      const additions = this.additions.get(name);
      if (additions === undefined) this.additions.set(name, [piece]);
      else additions.push(piece);
      return piece;
    }
    around.inner.push(piece);
    this.places.push([name, piece]);
    if (head !== 'optional') this.copies.add(name, piece);
    return piece;
  }

  /** An argument is what the parameter means, in one call or another. */
  private bind(node: CilList, macro: string, given: CilNode | undefined, parameters: Parameters): void {
    if (given?.kind !== 'list') return;
    given.items.forEach((argument, index) => {
      this.sets.add(keyOf(macro, index), pieceAt(node, 0, namesIn([argument], parameters)));
    });
  }

  private noteSet(node: CilList, [attribute, types]: readonly CilNode[], parameters: Parameters): void {
    const name = lastStep(attribute);
    if (parameters.has(name)) {
      const { line, column } = node;
      const reason = `typeattributeset ${shown(name)}: a parameter of the macro cannot be the attribute`;
      this.faults.push({ line, column, reason });
    }
    const names = types === undefined ? [] : namesIn([types], parameters);
    const piece = pieceAt(node, names.length, names);
    this.sets.add(name, piece);
    this.allSets.inner.push(piece);
  }
}

function keyOf(macro: string, index: number): string {
  return `${macro} ${String(index)}`;
}

function parametersOf(macro: string, list: CilNode | undefined): Parameters {
  const items = list?.kind === 'list' ? list.items : [];
  return new Map(
    items.map((item, index) => [lastStep(item.kind === 'list' ? item.items[1] : item), keyOf(macro, index)]),
  );
}

/** A name without the blocks before it. */
function lastStep(node: CilNode | undefined): string {
  return node?.kind === 'word' ? node.text.slice(node.text.lastIndexOf('.') + 1) : '';
}

function namesIn(nodes: readonly CilNode[], parameters: Parameters): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'list') return namesIn(node.items, parameters);
    const name = lastStep(node);
    return [parameters.get(name) ?? name];
  });
}

function count(nodes: readonly CilNode[]): number {
  return nodes.reduce((sum, node) => sum + (node.kind === 'word' ? 1 : count(node.items)), 0);
}
