// SPDX-License-Identifier: Apache-2.0
// Policies of a node while its selinuxd, and the program by which that changes the policy, are killed at random: the
// daemon's part, which is never killed here, is woken as often as it takes, and what it says of a policy is so in the
// store and in the policy that the kernel would get. KILL_SEED repeats a run, KILL_ROUNDS makes it longer.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { errorText, NotYet, Rejected } from '../../src/core/errors.ts';
import { blockName } from '../../src/core/selinux/names.ts';
import { marked } from '../../src/core/selinux/store/mark.ts';
import { SelinuxPolicies } from '../../src/handlers/node/selinux-policies.ts';
import type { SelinuxForm } from '../../src/handlers/node/selinux-policies.ts';
import { digest } from '../../src/io/digest.ts';
import { startedChannel } from '../../src/io/native/child-channel.ts';
import { SelinuxPolicyStore } from '../../src/io/native/selinux-policy.ts';
import { PolicyFolder } from '../../src/io/policy-folder.ts';
import { SelinuxdChanges } from '../../src/io/selinuxd-changes.ts';
import { SelinuxdClient } from '../../src/io/selinuxd-client.ts';
import { randomFrom } from '../integration/kill-wishes.ts';
import { nativeProgram } from './fixtures.ts';
import { STORE } from './policy-store.ts';
import { SelinuxdNode } from './selinuxd-node.ts';

const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 15);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const NAMESPACE = 'n';

/** How long all may take to become as it is wanted. */
const SETTLE_MS = 120_000;

/** How long after a failure something is tried again, as the daemon's controller does it. */
const RETRY_MS = 200;

/** The daemon's part: a policy is looked at when its wish changes, when it is woken, and again after a failure. */
class Wishes {
  readonly wanted = new Map<string, SelinuxForm>();
  /** Why policies are not as they are wanted. */
  readonly open = new Map<string, string>();
  private readonly policies: SelinuxPolicies;
  private readonly running = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();

  constructor(node: SelinuxdNode, signal: AbortSignal) {
    const client = new SelinuxdClient(node.socket);
    const changes = new SelinuxdChanges(client, signal);
    const files = new PolicyFolder(node.policies);
    this.policies = new SelinuxPolicies({ files, selinuxd: client, changes, failed: () => undefined });
    this.policies.follow(({ name }) => this.look(name));
  }

  /** From now on a policy is wanted so, or not at all. */
  wish(name: string, form: SelinuxForm | undefined): void {
    if (form === undefined) this.wanted.delete(name);
    else this.wanted.set(name, form);
    this.look(name);
  }

  private look(name: string): void {
    this.open.set(name, 'it is looked at');
    this.again.add(name);
    if (!this.running.has(name)) this.running.set(name, this.reconcile(name));
  }

  private async reconcile(name: string): Promise<void> {
    while (this.again.delete(name)) {
      const why = await this.attempt(name);
      if (this.again.has(name)) continue;
      if (why === undefined) this.open.delete(name);
      else this.open.set(name, errorText(why));
      if (why === undefined || why instanceof NotYet || why instanceof Rejected) continue;
      await sleep(RETRY_MS);
      this.again.add(name);
    }
    this.running.delete(name);
  }

  private async attempt(name: string): Promise<unknown> {
    const key = { namespace: NAMESPACE, name };
    const form = this.wanted.get(name);
    try {
      if (form === undefined) await this.policies.remove(key);
      else await this.policies.write(key, form);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

/** False for a process that has ended by itself meanwhile. */
function endedBySignal(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

describe(`selinuxd through kills (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(1_800_000);
  const random = randomFrom(SEED);
  const stop = new AbortController();
  const killed = { selinuxd: 0, program: 0 };
  let folder: string;
  let node: SelinuxdNode;
  let wishes: Wishes;

  before(function () {
    if (process.getuid?.() !== 0) {
      console.log('      not root: a policy store is none of ours here');
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'spo-selinuxd-kills-'));
    node = new SelinuxdNode(folder);
    node.start();
    wishes = new Wishes(node, stop.signal);
  });
  after(async () => {
    stop.abort();
    if (process.getuid?.() !== 0) return;
    await node.kill();
    rmSync(folder, { recursive: true });
  });

  function formOf(name: string): SelinuxForm {
    const permissions = ['search', 'write', 'search write'][Math.floor(random() * 3)] ?? 'search';
    const mark = `; ${String(Math.floor(random() * 1e9))}`;
    const block = blockName(NAMESPACE, name);
    const cil = `(block ${block}\n(blockinherit container)\n(allow process etc_t (dir (${permissions}))) ${mark}\n)\n`;
    const text = marked(cil, { kind: 'SelinuxProfile', namespace: NAMESPACE, name });
    const checksum = digest(text);
    return { text, checksum, hash: checksum, warnings: [], explain: (message) => message };
  }

  function change(): void {
    for (const name of NAMES.filter(() => random() < 0.5)) {
      const isRemoval = wishes.wanted.has(name) && random() < 0.5;
      wishes.wish(name, isRemoval ? undefined : formOf(name));
    }
  }

  /** Somebody ends in the middle of what it does. */
  async function kill(): Promise<void> {
    const [dice, delay] = [random(), random()];
    if (dice < 0.4) {
      await sleep(delay * 1500);
      await node.kill();
      killed.selinuxd += 1;
      node.start();
      return;
    }
    const end = Date.now() + 5000;
    while (node.programs().length === 0 && Date.now() < end) await sleep(5);
    await sleep(delay * 300);
    for (const pid of node.programs()) if (endedBySignal(pid)) killed.program += 1;
  }

  async function untilNone(where: string, ask: () => readonly string[]): Promise<void> {
    const end = Date.now() + SETTLE_MS;
    for (let amiss = ask(); amiss.length > 0; amiss = ask()) {
      if (Date.now() > end) throw new Error(`seed ${String(SEED)}, ${where}: ${amiss.join('; ')}`);
      await sleep(50);
    }
  }

  /** Files that nobody needs any more. */
  function left(): readonly string[] {
    const store = readdirSync(node.store).filter((name) => name !== 'active' && !name.endsWith('.LOCK'));
    const policy = readdirSync(node.policy, { recursive: true, encoding: 'utf8' });
    const drafts = policy.filter((name) => name.endsWith('.tmp') || name.includes('operator-load'));
    const final = path.join(node.root, 'var/lib/selinux/final');
    const files = readdirSync(node.policies).filter((name) => !wanted().has(name.replace(/\.cil$/, '')));
    const scratch = readdirSync(path.dirname(node.socket)).filter((name) => name !== path.basename(node.socket));
    const gathered = existsSync(path.join(final, STORE)) ? [final] : [];
    return [...store, ...drafts, ...files, ...scratch, ...gathered];
  }

  function wanted(): ReadonlyMap<string, string> {
    return new Map([...wishes.wanted].map(([name, { checksum }]) => [blockName(NAMESPACE, name), checksum]));
  }

  async function stored(): Promise<ReadonlyMap<string, string>> {
    const words = [`--root=${node.root}`, `--store=${STORE}`, `--scratch=${folder}`];
    const store = new SelinuxPolicyStore(startedChannel(nativeProgram('selinux_policy'), words));
    const modules = await store.list();
    store.close();
    return new Map(modules.filter(({ priority }) => priority === 400).map(({ name, checksum }) => [name, checksum]));
  }

  async function settled(where: string): Promise<void> {
    const open = (): readonly string[] => [...wishes.open].map(([name, why]) => `${name}: ${why}`);
    await untilNone(where, open);
    const [name = ''] = readdirSync(path.join(node.policy, 'policy')).filter((file) => !file.endsWith('.tmp'));
    const policy = readFileSync(path.join(node.policy, 'policy', name));
    const isOfStore = policy.equals(readFileSync(path.join(node.store, 'active/policy.kern')));
    expect(isOfStore, `seed ${String(SEED)}, ${where}: the policy is the store's`).to.equal(true);
    await untilNone(where, left);
    expect([...(await stored())].toSorted(), `seed ${String(SEED)}, ${where}`).to.deep.equal([...wanted()].toSorted());
  }

  it('installs what is wanted, and nothing else', async () => {
    wishes.wish('a', formOf('a'));
    await settled('the start');
    for (let round = 1; round <= ROUNDS; round += 1) {
      change();
      await kill();
      if (round % 3 === 0) await settled(`round ${String(round)}`);
    }
    await settled('the last round');
    for (const name of NAMES) wishes.wish(name, undefined);
    await settled('the end');
    console.log(`      ${String(killed.selinuxd)} x selinuxd, ${String(killed.program)} x selinux_policy`);
  });
});
