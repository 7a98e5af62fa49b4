// SPDX-License-Identifier: Apache-2.0
// The AppArmor profiles of this node's kernel: texts are compiled by apparmor_parser, which gets no privilege and
// little of the node (native/bpf/src/bounded), and loaded by native/bpf/src/apparmor_loader, which has one.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorText, Rejected } from '../../core/errors.ts';
import { ShownPolicy } from '../apparmor-policy.ts';
import { runToEnd } from './run-to-end.ts';
import type { Ended } from './run-to-end.ts';

/** Where everything is. */
export interface AppArmorPlaces {
  readonly loader: string;
  readonly bounded: string;
  readonly parser: string;
  /** Folder with the abstractions, tunables and versions of the language that texts include. */
  readonly base: string;
  /** The node's securityfs. */
  readonly securityfs: string;
}

/** A text as the parser has compiled it. */
export type CompiledPolicy =
  | { readonly binary: Uint8Array; readonly hash: string; readonly messages: string }
  | { readonly binary: undefined; readonly messages: string };

/** Memory of the parser in MiB: usual profiles take 4, the largest that it can compile takes 65. */
export const PARSER_MIB = 96;

/** Its processor time in seconds: usual profiles take a tenth of one, the largest that it can compile ten. */
const PARSER_SECONDS = 30;

/** Time after which it is ended even if it only waits, for which no processor time counts; in milliseconds. */
const PARSER_WAIT = 60_000;

/** Profiles that are compiled at once. */
const AT_ONCE = 2;

/** Its end by SIGKILL, though it had its limits and its time. */
const KILLED = 'the compiler of profiles was killed, as the kernel does where the node has no memory left';

/** Longest text of messages that is kept. */
const MESSAGES_MAX = 64 * 1024;

/** Exit status of the loader; native/bpf/src/apparmor_loader/apparmor_loader.c. */
const LOADER = { done: 0, refused: 3, foreign: 4, absent: 5 } as const;

/** Longest time in milliseconds for which a list of the kernel's profiles is believed. */
const LIST_AGE_MS = 5_000;

/** The times that a node goes by. */
interface Timing {
  /** Milliseconds that a text may take to compile. */
  readonly parserWait: number;
  /** Milliseconds of a clock that is never set. */
  now(): number;
}

const TIMING: Timing = { parserWait: PARSER_WAIT, now: () => performance.now() };

/** Facts about the node, read at the start. */
interface NodeFacts {
  readonly compiler: string;
  readonly capabilities: ReadonlySet<string>;
}

/** How the loader says that the kernel shows its profiles to nobody here: that stays so. */
const NOT_SHOWN = /: (Permission denied|Operation not permitted|No such file or directory)$/;

/** That this node has no AppArmor, or none for us: a sentence, and no failure that could pass. */
export class NoAppArmor extends Error {}

/** The kernel's profiles. Those that others load or remove are seen within seconds, or when a step fails. */
export class NodeAppArmor {
  readonly compiler: string;
  readonly capabilities: ReadonlySet<string>;
  private readonly places: AppArmorPlaces;
  private readonly timing: Timing;
  private names: ReadonlySet<string> = new Set();
  private listedAt = -Infinity;
  private listing: Promise<void> | undefined;
  /** Changes of our own, counted: a list that was taken while one happened may lack it. */
  private changes = 0;
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly policy: ShownPolicy;

  private constructor(places: AppArmorPlaces, timing: Timing, facts: NodeFacts) {
    this.places = places;
    this.policy = new ShownPolicy(places.securityfs);
    this.timing = timing;
    this.compiler = facts.compiler;
    this.capabilities = facts.capabilities;
  }

  /**
   * Rejects with NoAppArmor where this node has none, or its profiles are not ours to see; with another error where
   * that cannot be told. A loader that does not run is no such error: what needs it fails by itself, and is tried
   * again.
   */
  static async open(places: AppArmorPlaces, timing: Partial<Timing> = {}): Promise<NodeAppArmor> {
    const facts = await factsOf(places);
    const kernel = new NodeAppArmor(places, { ...TIMING, ...timing }, facts);
    await kernel.list().catch((error: unknown) => {
      if (error instanceof NoAppArmor) throw error;
    });
    return kernel;
  }

  /** Rejects where the kernel cannot be asked. */
  async has(name: string): Promise<boolean> {
    if (this.timing.now() - this.listedAt > LIST_AGE_MS) {
      this.listing ??= this.list().finally(() => (this.listing = undefined));
      await this.listing;
    }
    return this.names.has(name);
  }

  /** Identifies the policy under the name; empty where there is none, or the kernel does not show it. */
  async identity(name: string): Promise<string> {
    const identity = (await this.policy.identities([name])).get(name) ?? '';
    // Others may have removed it: the list is not believed any more.
    if (identity === '') this.listedAt = -Infinity;
    return identity;
  }

  /** Rejects where the parser cannot be run, or somebody has killed it: that is no fault of the text. */
  async compile(text: string): Promise<CompiledPolicy> {
    const { bounded, parser, base, securityfs } = this.places;
    const flags = ['--skip-kernel-load', '--skip-cache', '--stdout', '--jobs=1', '--config-file=/dev/null'];
    const node = [`--base=${base}`, `--kernel-features=${featuresOf(securityfs)}`, '--warn=rule-not-enforced'];
    const limits = [String(PARSER_MIB), String(PARSER_SECONDS)];
    const words = [...limits, parser, ...flags, ...node];
    const ended = await this.inTurn(() => runToEnd(bounded, words, text, this.timing.parserWait));
    if (ended.signal === 'SIGKILL' && !ended.late) throw new Error(KILLED);
    const messages = ended.messages.slice(0, MESSAGES_MAX);
    if (ended.status === 0 && ended.output.length > 0) {
      return { binary: ended.output, hash: createHash('sha256').update(ended.output).digest('hex'), messages };
    }
    return { binary: undefined, messages: this.reasonOf(ended, messages) };
  }

  /** False where there is one of that name. Rejects with Rejected for a policy that holds what it must not. */
  async load(name: string, binary: Uint8Array): Promise<boolean> {
    const ended = await this.put('load', name, binary);
    return ended.status !== LOADER.foreign;
  }

  /** Rejects as `load` does. */
  async replace(name: string, binary: Uint8Array): Promise<void> {
    await this.put('replace', name, binary);
  }

  /** False where it was not there. */
  async remove(name: string): Promise<boolean> {
    const ended = await this.ask(['remove', name], [LOADER.done, LOADER.absent]);
    this.know(new Set([...this.names].filter((one) => one !== name)));
    return ended.status === LOADER.done;
  }

  private async put(verb: 'load' | 'replace', name: string, binary: Uint8Array): Promise<Ended> {
    const ended = await this.ask([verb, name], [LOADER.done, LOADER.foreign, LOADER.refused], binary);
    if (ended.status === LOADER.refused) throw new Rejected('InvalidAppArmorProfile', sentenceOf(ended));
    this.know(new Set([...this.names, name]));
    return ended;
  }

  /** After a failure nobody knows what the kernel has, so it is asked. */
  private async ask(words: readonly string[], expected: readonly number[], input?: Uint8Array): Promise<Ended> {
    const { loader, securityfs } = this.places;
    const ended = await runToEnd(loader, [securityfs, ...words], input ?? '');
    if (expected.some((status) => status === ended.status)) return ended;
    await this.list().catch(() => undefined);
    throw new Error(`${words.join(' ')}: ${sentenceOf(ended)}`);
  }

  private know(names: ReadonlySet<string>): void {
    this.names = names;
    this.changes += 1;
  }

  private async list(): Promise<void> {
    const [at, changes] = [this.timing.now(), this.changes];
    const names = await listedBy(this.places);
    if (changes !== this.changes) return;
    this.names = names;
    this.listedAt = at;
  }

  /** The parser says nothing where a text has no profile, and little or nothing where a limit has ended it. */
  private reasonOf({ status, signal, late }: Ended, messages: string): string {
    if (status === 0) return 'the text holds no profile';
    if (late) return `it is not compiled within ${String(this.timing.parserWait / 1000)} seconds`;
    if (signal === 'SIGXCPU') {
      return `it takes more than ${String(PARSER_SECONDS)} seconds of processor time to compile`;
    }
    const saysWhy = messages.split('\n').some((line) => line !== '' && !line.startsWith('Warning'));
    if (saysWhy && !messages.includes('std::bad_alloc')) return messages;
    return `it takes more than ${String(PARSER_MIB)} MiB of memory to compile`;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

function featuresOf(securityfs: string): string {
  return path.join(securityfs, 'apparmor/features');
}

function sentenceOf({ messages, status, signal }: Ended): string {
  const said = messages.trim().split('\n').join('; ');
  return said === '' ? `the loader ended with ${signal ?? `status ${String(status)}`}` : said;
}

/** Names of the kernel's profiles, from lines such as `name (enforce)`. */
async function listedBy({ loader, securityfs }: AppArmorPlaces): Promise<ReadonlySet<string>> {
  const ended = await runToEnd(loader, [securityfs, 'list'], '');
  if (ended.status !== LOADER.done) {
    const why = sentenceOf(ended);
    throw NOT_SHOWN.test(why) ? new NoAppArmor(why) : new Error(why);
  }
  const lines = Buffer.from(ended.output).toString('utf8').split('\n');
  return new Set(lines.map((line) => line.replace(/ \([a-z]+\)$/, '')).filter((name) => name !== ''));
}

async function factsOf(places: AppArmorPlaces): Promise<NodeFacts> {
  const features = featuresOf(places.securityfs);
  const mask = await readFile(path.join(features, 'caps/mask'), 'utf8').catch((cause: unknown) => {
    const isAbsent = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    if (isAbsent) throw new NoAppArmor(`${features} is not to be had: the kernel runs without AppArmor`, { cause });
    throw new Error(`whether the kernel has AppArmor is not known: ${errorText(cause)}`, { cause });
  });
  const hash = createHash('sha256');
  for (const folder of [features, places.base]) await hashFolder(hash, folder);
  hash.update(await readFile(places.parser));
  return {
    compiler: hash.digest('hex').slice(0, 16),
    capabilities: new Set(mask.split(/\s+/).filter((word) => word !== '')),
  };
}

async function hashFolder(hash: ReturnType<typeof createHash>, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) hash.update(`${path.relative(folder, file)}\n`).update(await readFile(file));
}
