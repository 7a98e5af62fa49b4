// SPDX-License-Identifier: Apache-2.0
// Brings the policies of a folder into the node's policy store, a round for all that has changed, and knows where each
// of them stands. Nothing is done twice: what the store holds already needs no transaction, also not after a restart.
import type { Log } from '../../log.ts';
import { usageOfBlock } from '../names.ts';
import { checkSteps, explainTargets } from './checked-steps.ts';
import { isMarked, markedProfile } from './mark.ts';
import type { MarkedProfile } from './mark.ts';
import type { NodeNames } from './node-names.ts';
import { tamperingsIn } from './tampering.ts';
import type { Tampering } from './tampering.ts';
import { nameOf, OWN_PRIORITY, ownModules, settle, stepsTo } from './transaction.ts';
import type { Commit, CommitResult, Failure, PolicyFile, Step, StoreModule } from './transaction.ts';

/** Where a policy stands, as `GET /policies/NAME` of selinuxd tells it. */
export interface PolicyState {
  readonly status: 'Installed' | 'Failed';
  /** Why it failed; of one that is installed, what its users should know. */
  readonly msg: string;
  /** SHA-256 of the text that this is about, in hexadecimal digits. */
  readonly checksum: string;
  /** It is the removal that failed. */
  readonly removal?: true;
  /** An administrator of the node has disabled it. */
  readonly disabled?: true;
  /** The last change of it by others, while this process lives. */
  readonly tampering?: Tampering;
}

/**
 * A connection to the policy store, for one round or until a transaction has ended it. Its methods reject where the
 * store cannot be read or changed.
 */
export interface PolicyStore {
  list(): Promise<readonly StoreModule[]>;
  commit(steps: readonly Step[]): Promise<CommitResult>;
  close(): void;
}

/** The surroundings of an installer. */
export interface InstallerParts {
  /** All policies that the node shall have. */
  files(): Promise<readonly PolicyFile[]>;
  open(): PolicyStore;
  /** The names of the policy that is in the kernel now. */
  names(): NodeNames;
  /** How often the kernel has got a policy; undefined where it does not tell. */
  loads(): number | undefined;
  /** RFC 3339. */
  now(): string;
  readonly log: Log;
}

/** The policies of a node. */
export class PolicyInstaller {
  private readonly parts: InstallerParts;
  private states: ReadonlyMap<string, PolicyState> = new Map();
  private profiles: ReadonlyMap<string, MarkedProfile> = new Map();
  /** Policies that had a file when we looked last. */
  private seen: ReadonlySet<string> = new Set();
  private readonly removals = new Set<string>();
  /** Checksums of the texts that are wrong themselves, by the names of the policies. */
  private wrong: ReadonlyMap<string, string> = new Map();
  /** Policies of which a round may have installed a text since the store was listed last. */
  private trying: ReadonlySet<string> = new Set();
  /** The modules that are not ours, when we looked last. */
  private others = '';
  private rounds = 0;
  /** As they were when the store was listed last. */
  private loads: number | undefined;
  private tamperings: ReadonlyMap<string, Tampering> = new Map();

  constructor(parts: InstallerParts) {
    this.parts = parts;
  }

  /** Whether there has been a round: before it nothing is known. */
  get ready(): boolean {
    return this.rounds > 0;
  }

  /** Where a policy stands; undefined for one that is neither installed nor refused. */
  state(name: string): PolicyState | undefined {
    return this.states.get(name);
  }

  /** Whether it is open where a policy stands that `state` does not know: the store may be getting it just now. */
  isOpen(name: string): boolean {
    return !this.ready || (this.trying.has(name) && !this.states.has(name));
  }

  /** The profiles whose policies the store holds, by the names of the modules. */
  installed(): ReadonlyMap<string, MarkedProfile> {
    return this.profiles;
  }

  /** Whether the kernel has got a policy since the last round, which may lack ours: the next one finds out. */
  get outdated(): boolean {
    return this.ready && this.parts.loads() !== this.loads;
  }

  /** When others have touched policies last, by the names of the modules. */
  touched(): ReadonlyMap<string, string> {
    return new Map([...this.tamperings].map(([name, { at }]) => [name, at]));
  }

  /** The next round shall take the policy out of the store, unless it has a file. */
  remove(name: string): void {
    this.removals.add(name);
  }

  /**
   * Makes the store hold what the folder holds. Rejects where the store cannot be read or changed, and where it does
   * not take a step that is not wrong itself: the same round may do later.
   */
  async round(): Promise<void> {
    const files = await this.parts.files();
    this.noteVanished(files);
    const removals = [...this.removals];
    this.trying = new Set([...this.trying, ...this.seen]);
    let store = this.parts.open();
    try {
      const before = await this.list(store);
      this.noteOthers(before);
      const steps = this.withoutWrong(stepsTo(files, removals, before));
      const failures = await this.settle(steps, async (some) => {
        const result = await this.commit(store, some);
        if (result.type !== 'ended') return result;
        store.close();
        store = this.parts.open();
        return result;
      });
      const after = steps.length === 0 ? before : await this.list(store);
      const states = this.states;
      this.conclude(files, removals, after, failures);
      this.noteTamperings(files, steps, states);
      failWithOthers(failures);
    } finally {
      store.close();
    }
  }

  /** The number comes first: what others load meanwhile makes the list outdated. */
  private async list(store: PolicyStore): Promise<readonly StoreModule[]> {
    this.loads = this.parts.loads();
    return store.list();
  }

  private noteTamperings(files: readonly PolicyFile[], steps: readonly Step[], before: typeof this.states): void {
    const found = tamperingsIn(files, steps, { before, after: this.states, now: this.parts.now() });
    for (const [policy, { restored }] of found)
      this.parts.log.warn('others have changed a policy', { policy, restored });
    const all = new Map([...this.tamperings, ...found]);
    this.tamperings = new Map([...all].filter(([name]) => this.seen.has(name)));
    const withTampering = ([name, state]: [string, PolicyState]): [string, PolicyState] => {
      const tampering = this.tamperings.get(name);
      return [name, tampering === undefined ? state : { ...state, tampering }];
    };
    this.states = new Map([...this.states].map(withTampering));
  }

  private async settle(steps: readonly Step[], commit: Commit): Promise<ReadonlyMap<string, Failure>> {
    const { sound, doubtful, failures, targets } = checkSteps(steps, this.parts.names());
    for (const [policy, { reason }] of failures) this.parts.log.warn('a policy is not tried', { policy, why: reason });
    const settled = await settle(sound, commit);
    return new Map([...failures, ...settled, ...explainTargets(await settle(doubtful, commit), targets)]);
  }

  /** A file that was there and is gone takes its policy along. */
  private noteVanished(files: readonly PolicyFile[]): void {
    const now = new Set(files.map(({ name }) => name));
    for (const name of this.seen) if (!now.has(name)) this.removals.add(name);
    for (const name of now) this.removals.delete(name);
    this.seen = now;
  }

  /** A text that is wrong may be right where the node's administrator has changed modules. */
  private noteOthers(modules: readonly StoreModule[]): void {
    const others = modules
      .filter(({ priority, lastLine }) => priority !== OWN_PRIORITY || !isMarked(lastLine))
      .map(({ name, priority, enabled, checksum }) => [name, priority, enabled, checksum].join(' '));
    const now = others.toSorted().join('\n');
    if (now !== this.others) this.wrong = new Map();
    this.others = now;
  }

  /**
   * A text that is wrong is tried again where a policy that it names is installed now, and otherwise not: each trial
   * takes seconds.
   */
  private withoutWrong(steps: readonly Step[]): readonly Step[] {
    const wasRefused = (step: Step): boolean =>
      step.type === 'install' && this.wrong.get(step.file.name) === step.file.checksum;
    const fresh = steps
      .filter((step) => !wasRefused(step))
      .flatMap((step) => (step.type === 'install' ? [step.file] : []));
    const mayWork = ({ text }: PolicyFile): boolean => fresh.some(({ name }) => text.includes(name));
    return steps.filter((step) => !wasRefused(step) || (step.type === 'install' && mayWork(step.file)));
  }

  private async commit(store: PolicyStore, steps: readonly Step[]): Promise<CommitResult> {
    const result = await store.commit(steps);
    const policies = steps.map((step) => `${step.type} ${nameOf(step)}`).slice(0, 20);
    if (result.type === 'committed')
      this.parts.log.info('changed the policy of the node', { steps: steps.length, policies });
    else
      this.parts.log.warn('a change of the policy was refused', {
        steps: steps.length,
        policies,
        words: result.words,
      });
    return result;
  }

  private conclude(
    files: readonly PolicyFile[],
    removals: readonly string[],
    modules: readonly StoreModule[],
    failures: ReadonlyMap<string, Failure>,
  ): void {
    const own = ownModules(modules);
    const names = this.parts.names();
    const states = new Map<string, PolicyState>();
    for (const { name, checksum, lastLine } of own.values())
      if (markedProfile(lastLine) !== undefined) states.set(name, { status: 'Installed', msg: '', checksum });
    for (const file of files) {
      const before = this.states.get(file.name);
      const wasRefused = before?.status === 'Failed' && before.checksum === file.checksum;
      const refused = failures.get(file.name)?.reason ?? (wasRefused ? before.msg : '');
      const state = stateOfFile(file, modules, own.get(file.name), refused);
      states.set(file.name, state.status === 'Installed' ? { ...state, msg: typeWarning(file.name, names) } : state);
    }
    for (const name of removals) {
      const left = own.get(name);
      const msg = failures.get(name)?.reason;
      if (left === undefined || msg === undefined) this.removals.delete(name);
      else states.set(name, { status: 'Failed', msg, checksum: left.checksum, removal: true });
    }
    this.states = states;
    this.trying = new Set();
    this.wrong = wrongOf(files, own, failures, this.wrong);
    this.profiles = new Map(
      [...own.values()].flatMap(({ name, lastLine }) => {
        const profile = markedProfile(lastLine);
        return profile === undefined ? [] : [[name, profile]];
      }),
    );
    this.rounds += 1;
  }
}

/** A block that inherits another one in `optional` is empty where that one is missing, and no compiler says so. */
function typeWarning(name: string, names: NodeNames): string {
  const type = usageOfBlock(name);
  return names.hasType(type) === false ? `the policy of this node has no type ${type}, which pods would name` : '';
}

/** Rejects the round for steps that are not wrong themselves. */
function failWithOthers(failures: ReadonlyMap<string, Failure>): void {
  const others = [...failures.values()].filter(({ isOwn }) => !isOwn).map(({ reason }) => reason);
  if (others.length > 0) throw new Error([...new Set(others)].join('; '));
}

/** The texts that are wrong, after a round with these failures: those of before, too, where they were not tried. */
function wrongOf(
  files: readonly PolicyFile[],
  own: ReadonlyMap<string, StoreModule>,
  failures: ReadonlyMap<string, Failure>,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const isWrong = ({ name, checksum }: PolicyFile): boolean =>
    failures.get(name)?.isOwn ?? (before.get(name) === checksum && own.get(name)?.checksum !== checksum);
  return new Map(files.filter(isWrong).map(({ name, checksum }) => [name, checksum]));
}

/** Whether the text of a file is in effect, by the modules that the store has now. */
function stateOfFile(
  { name, checksum }: PolicyFile,
  modules: readonly StoreModule[],
  module: StoreModule | undefined,
  refused: string,
): PolicyState {
  const failed = (msg: string): PolicyState => ({ status: 'Failed', msg, checksum });
  if (module !== undefined && module.checksum !== checksum && !isMarked(module.lastLine))
    return failed(`a module ${name} that is not the operator's is on the node: semodule -r ${name} removes it`);
  if (module?.checksum !== checksum)
    return failed(refused === '' ? 'the policy is not in the store of the node' : refused);
  const other = modules.find((one) => one.name === name && one.priority > OWN_PRIORITY);
  if (other !== undefined)
    return failed(`the node has a module ${name} with the priority ${other.priority}, which is in effect instead`);
  if (!module.enabled)
    return { ...failed(`the module ${name} is disabled on the node: semodule -e ${name} enables it`), disabled: true };
  return { status: 'Installed', msg: '', checksum };
}
