// SPDX-License-Identifier: Apache-2.0
// Which system calls the code of binaries can make. Of programs and most libraries all code counts; of the C library,
// which has a function for every call, only what others call, and what that calls.
import { functionAt, importAt } from './binary.ts';
import type { Binary } from './binary.ts';
import { exportsOf } from './binary/dynamic.ts';
import { namesAt } from './binary/symbols.ts';
import { isBehind } from './binary/functions.ts';
import type { Region } from './binary/functions.ts';
import { statesOf } from './code/flow.ts';
import type { States } from './code/flow.ts';
import type { Exit } from './code/instruction.ts';
import { PROCESSORS, departureAt, outlineOf } from './code/outline.ts';
import type { Departure, Outline } from './code/outline.ts';
import { isParameter, parameterAt } from './code/values.ts';
import type { Values } from './code/values.ts';
import { syscallName } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { namesInData, possibleCalls, possibleSyscalls } from './scan.ts';

/** A binary, and how much of it counts. */
export interface Explored {
  readonly binary: Binary;
  /** Functions that count although nothing calls them: names of exports. Undefined: everything counts. */
  readonly roots: readonly string[] | undefined;
}

/** A place where a call is made whose number is not known. */
export interface ComputedCall {
  readonly path: string;
  /** Of the instruction, before the loader moves the file. */
  readonly address: number;
}

/** The calls that binaries can make. */
export interface Findings {
  /** Names, with the files whose code makes them or asks for them. */
  readonly calls: ReadonlyMap<string, ReadonlySet<string>>;
  readonly computed: readonly ComputedCall[];
}

interface Caller {
  readonly node: Node;
  readonly address: number;
  readonly isTail: boolean;
}

/** A function of a binary. */
interface Node {
  readonly explored: Explored;
  readonly outline: Outline;
  states: States | undefined;
  isReached: boolean;
  /** The parameters in which it is given numbers of calls. */
  readonly parameters: Set<number>;
  readonly callers: Map<string, Caller>;
}

/** Functions whose callers are looked for in a binary. */
interface Sought {
  readonly addresses: ReadonlyMap<number, readonly Node[]>;
  readonly names: ReadonlyMap<string, readonly Node[]>;
}

function soughtIn({ binary }: Explored, called: readonly Node[]): Sought {
  const addresses = new Map<number, readonly Node[]>();
  const names = new Map<string, readonly Node[]>();
  for (const node of called) {
    const { elf, dynamic, path } = node.explored.binary;
    const { start } = node.outline.region;
    if (elf.machine !== binary.elf.machine) continue;
    const isOwn = path === binary.path;
    if (isOwn) addresses.set(start, [node]);
    for (const name of namesAt(elf, dynamic.symbols, start)) {
      if (isOwn || binary.dynamic.imports.has(name)) names.set(name, [...(names.get(name) ?? []), node]);
    }
  }
  return { addresses, names };
}

/** The function of another file that code jumps to by a slot; undefined for another way. */
function slotName({ dynamic }: Binary, exit: Exit): string | undefined {
  const slot = 'slot' in exit ? exit.slot : exit.type === 'tableJump' ? dynamic.table + exit.offset : undefined;
  return slot === undefined ? undefined : dynamic.slots.get(slot);
}

/** Functions that ask the loader for others by name. */
const ASKING = ['dlsym', 'dlvsym'];

/**
 * Bytes of the largest function that is followed. Larger parts are data between functions, as libLLVM has 38 MB of; to
 * follow that as code took gigabytes. A call in one without a number is told as computed.
 */
const MAX_FUNCTION = 1 << 20;

const NOTHING_KNOWN: States = new Map();

/** One search through binaries that belong together. */
export class Exploration {
  private readonly all: readonly Explored[];
  private readonly nodes = new Map<string, Node>();
  private readonly providers = new Map<string, { readonly explored: Explored; readonly address: number }[]>();
  /** Functions that are given numbers, whose callers were not looked for. */
  private readonly sought: Node[] = [];
  private readonly waiting: Node[] = [];
  private readonly calls = new Map<string, Set<string>>();
  private readonly computed = new Map<string, ComputedCall>();

  constructor(all: readonly Explored[]) {
    this.all = all;
    for (const explored of all) {
      if (explored.roots === undefined) continue;
      for (const [name, addresses] of exportsOf(explored.binary.elf, explored.binary.dynamic)) {
        const known = this.providers.get(name) ?? [];
        this.providers.set(name, [...known, ...addresses.map((address) => ({ explored, address }))]);
      }
    }
  }

  /** Searches until nothing new is found. */
  run(): Findings {
    for (const explored of this.all) this.begin(explored);
    while (this.waiting.length > 0 || this.sought.length > 0) {
      for (let node = this.waiting.pop(); node !== undefined; node = this.waiting.pop()) this.visit(node);
      this.findCallers(this.sought.splice(0));
    }
    return { calls: this.calls, computed: [...this.computed.values()] };
  }

  private begin(explored: Explored): void {
    const { binary, roots } = explored;
    if (roots === undefined) {
      for (const address of possibleSyscalls(binary)) this.reach(this.nodeAt(explored, address));
      for (const name of binary.dynamic.imports) this.reachImport(name, binary);
      if (!ASKING.some((name) => binary.dynamic.imports.has(name))) return;
      for (const name of namesInData(binary, this.providers)) this.reachImport(name, binary);
      return;
    }
    const named = roots.flatMap((name) => this.providers.get(name) ?? []).filter((one) => one.explored === explored);
    for (const address of [binary.elf.entry, ...binary.dynamic.pointers, ...named.map((one) => one.address)]) {
      this.reach(this.nodeAt(explored, address));
    }
  }

  private nodeAt(explored: Explored, address: number): Node | undefined {
    const region = functionAt(explored.binary, address);
    return region === undefined ? undefined : this.nodeOf(explored, region);
  }

  private nodeOf(explored: Explored, region: Region): Node {
    const { path, elf, dynamic } = explored.binary;
    const key = `${path}:${String(region.start)}`;
    const known = this.nodes.get(key);
    if (known !== undefined) return known;
    const outline = outlineOf(elf, region, dynamic.table);
    const node: Node = {
      explored,
      outline,
      states: undefined,
      isReached: false,
      parameters: new Set(),
      callers: new Map(),
    };
    this.nodes.set(key, node);
    return node;
  }

  private reach(node: Node | undefined): void {
    if (node === undefined || node.isReached) return;
    node.isReached = true;
    this.waiting.push(node);
  }

  /** Functions of this name in other files of the same machine, where only what is called counts. */
  private providersOf(name: string, user: Binary): readonly Node[] {
    const provided = this.providers.get(name) ?? [];
    return provided
      .filter(({ explored }) => explored.binary.elf.machine === user.elf.machine)
      .flatMap(({ explored, address }) => this.nodeAt(explored, address) ?? []);
  }

  private reachImport(name: string, user: Binary): void {
    for (const node of this.providersOf(name, user)) this.reach(node);
  }

  private visit(node: Node): void {
    const { explored, outline } = node;
    for (const departure of outline.departures) {
      if (departure.exit.type === 'syscall') this.visitSyscall(node, departure.address, departure.exit);
      else if (explored.roots !== undefined) this.visitExit(node, departure);
    }
    if (explored.roots === undefined) return;
    for (const address of outline.addresses) {
      const region = functionAt(explored.binary, address);
      if (region?.start === address) this.reach(this.nodeOf(explored, region));
    }
  }

  private visitSyscall(node: Node, address: number, { architecture }: Extract<Exit, { type: 'syscall' }>): void {
    const { machine } = node.explored.binary.elf;
    const processor = PROCESSORS[machine];
    const values = this.statesOf(node).get(address)?.registers[processor.number];
    this.numbers(node, address, values, architecture === 'i386' ? 'SCMP_ARCH_X86' : machine);
  }

  private statesOf(node: Node): States {
    const { region } = node.outline;
    const isFunction = region.end - region.start <= MAX_FUNCTION;
    node.states ??= isFunction ? statesOf(node.explored.binary.elf, region) : NOTHING_KNOWN;
    return node.states;
  }

  /** The numbers that a call may have. */
  private numbers(node: Node, address: number, values: Values, architecture: KnownArchitecture): void {
    const { path, functions } = node.explored.binary;
    if (values === undefined) {
      // Between functions lies data: a call there that has no number is none.
      if (isBehind(functions, node.outline.region, address)) return;
      this.computed.set(`${path}:${String(address)}`, { path, address });
      return;
    }
    for (const value of values) {
      if (isParameter(value)) this.addParameter(node, value);
      else this.addCall(syscallName(architecture, value), path);
    }
  }

  private addCall(name: string | undefined, path: string): void {
    if (name === undefined) return;
    const known = this.calls.get(name);
    if (known === undefined) this.calls.set(name, new Set([path]));
    else known.add(path);
  }

  /** A function is given the number of its call: whoever calls it tells which. */
  private addParameter(node: Node, parameter: number): void {
    if (node.parameters.has(parameter)) return;
    node.parameters.add(parameter);
    if (node.parameters.size === 1) this.sought.push(node);
    for (const caller of [...node.callers.values()]) this.ask(node, caller, parameter);
  }

  /** Callers in binaries whose code all counts are looked for when they matter, of several functions at once. */
  private findCallers(called: readonly Node[]): void {
    for (const explored of this.all) {
      if (explored.roots !== undefined) continue;
      const sought = soughtIn(explored, called);
      for (const address of possibleCalls(explored.binary, sought)) {
        const caller = this.nodeAt(explored, address);
        const departure = caller === undefined ? undefined : departureAt(caller.outline, address);
        if (caller !== undefined && departure !== undefined) this.foundCaller(sought, caller, departure);
      }
    }
  }

  private foundCaller({ addresses, names }: Sought, caller: Node, { address, exit }: Departure): void {
    const { binary } = caller.explored;
    const direct = 'target' in exit ? exit.target : undefined;
    const name = direct === undefined ? slotName(binary, exit) : importAt(binary, direct);
    const nodes = [addresses.get(direct ?? Number.NaN) ?? [], names.get(name ?? '') ?? []].flat();
    for (const node of nodes) this.addCaller(node, caller, address, exit);
  }

  private addCaller(node: Node, caller: Node, address: number, { type }: Exit): void {
    const isTail = type !== 'call' && type !== 'callSlot';
    const added = { node: caller, address, isTail };
    node.callers.set(`${caller.explored.binary.path}:${String(address)}`, added);
    for (const parameter of node.parameters) this.ask(node, added, parameter);
  }

  private ask(node: Node, { node: caller, address, isTail }: Caller, parameter: number): void {
    const { machine } = caller.explored.binary.elf;
    const state = this.statesOf(caller).get(address);
    const values = state === undefined ? undefined : parameterAt(state, parameter, PROCESSORS[machine], isTail);
    this.numbers(caller, address, values, node.explored.binary.elf.machine);
  }

  /** Where a function of the C library leads to. */
  private visitExit(node: Node, { address, exit }: Departure): void {
    for (const target of this.targetsOf(node, exit)) {
      if (target === node) continue;
      this.reach(target);
      this.addCaller(target, node, address, exit);
    }
  }

  private targetsOf(node: Node, exit: Exit): readonly Node[] {
    const { binary } = node.explored;
    const slot =
      'slot' in exit ? exit.slot : exit.type === 'tableJump' ? binary.dynamic.table + exit.offset : undefined;
    const direct = 'target' in exit ? exit.target : undefined;
    const name = slot === undefined ? undefined : binary.dynamic.slots.get(slot);
    const imported = direct === undefined ? name : importAt(binary, direct);
    if (imported !== undefined) return this.providersOf(imported, binary);
    const target = direct === undefined ? undefined : this.nodeAt(node.explored, direct);
    return target === undefined ? [] : [target];
  }
}
