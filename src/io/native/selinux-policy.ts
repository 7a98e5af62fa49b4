// SPDX-License-Identifier: Apache-2.0
// The program that changes the SELinux policy of its node: see schemas/wire/selinux-policy.json for the messages. It
// lives for a round of changes, because libsemanage keeps the memory that a whole policy takes.
import { errorText } from '../../core/errors.ts';
import type { CommitResult, Step, StoreModule } from '../../core/selinux/store/transaction.ts';
import {
  parseSelinuxPolicyEvent,
  printSelinuxPolicyCommand,
  SELINUX_POLICY_PROTOCOL,
} from '../../gen/wire/selinux-policy.ts';
import type { SelinuxPolicyCommand, SelinuxPolicyEvent, SelinuxPolicyModule } from '../../gen/wire/selinux-policy.ts';
import type { Channel } from './channel.ts';
import { converse } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const LANGUAGE = {
  protocol: SELINUX_POLICY_PROTOCOL,
  parse: parseSelinuxPolicyEvent,
  print: printSelinuxPolicyCommand,
  isLast: ({ type }: SelinuxPolicyEvent) => type === 'stopped' || type === 'failed',
};

/** Most bytes of a text that one message carries (schemas/wire/selinux-policy.json). */
const PIECE_BYTES = 8192;

/** The policy store of a node, by the program at the other end of a channel. One question at a time. */
export class SelinuxPolicyStore {
  private readonly conversation: Conversation<SelinuxPolicyEvent, SelinuxPolicyCommand>;
  private readonly events: AsyncIterator<SelinuxPolicyEvent>;
  private closed = false;

  constructor(channel: Channel) {
    this.conversation = converse(LANGUAGE, channel);
    this.events = this.conversation.events[Symbol.asyncIterator]();
  }

  /** All modules. Rejects with the program's sentence where the store cannot be read. */
  async list(): Promise<readonly StoreModule[]> {
    this.conversation.send({ type: 'list' });
    const modules: StoreModule[] = [];
    for (;;) {
      const event = await this.next();
      if (event.type === 'listed') return modules;
      if (event.type === 'module') modules.push(moduleOf(event));
    }
  }

  /**
   * Does all steps or none. Rejects with the program's sentence where the store cannot be changed. A program that ends
   * without a word is a result, after which there is no other: the kernel ends one that takes too much memory.
   */
  async commit(steps: readonly Step[]): Promise<CommitResult> {
    for (const step of steps) this.sendStep(step);
    this.conversation.send({ type: 'commit' });
    const words: string[] = [];
    for (;;) {
      const event = await this.nextOrEnd();
      if (typeof event === 'string') return { type: 'ended', words: [event] };
      if (event.type === 'failed') throw new Error(event.reason);
      if (event.type === 'words') words.push(event.text);
      if (event.type === 'committed') return { type: 'committed' };
      if (event.type === 'refused') return { type: 'refused', words };
    }
  }

  /** Ends the program. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.conversation.send({ type: 'stop' });
    void this.drain();
  }

  private sendStep(step: Step): void {
    if (step.type === 'remove') {
      this.conversation.send({ type: 'remove', name: step.name });
      return;
    }
    for (const text of piecesOf(step.file.text)) this.conversation.send({ type: 'cil', text });
    this.conversation.send({ type: 'install', name: step.file.name });
  }

  private async next(): Promise<SelinuxPolicyEvent> {
    const result = await this.events.next();
    if (result.done === true) throw new Error('the program that changes the policy has ended');
    const { value } = result;
    if (value.type === 'failed') throw new Error(value.reason);
    return value;
  }

  /** The next event, or how the program has ended without a last one. */
  private async nextOrEnd(): Promise<SelinuxPolicyEvent | string> {
    try {
      const result = await this.events.next();
      return result.done === true ? 'the program that changes the policy has ended' : result.value;
    } catch (error) {
      return errorText(error);
    }
  }

  /** Reads the rest of the program's words, so that it can end. */
  private async drain(): Promise<void> {
    try {
      while ((await this.events.next()).done !== true);
    } catch {
      // It has ended in some other way: a question that was open has got the error.
    }
  }
}

function moduleOf(module: SelinuxPolicyModule): StoreModule {
  const { name, priority, enabled, checksum, lastLine } = module;
  return { name, priority, enabled, checksum, lastLine };
}

/** Pieces of a text that are no longer than a message's, none of which ends within a character. */
function* piecesOf(text: string): Generator<string> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    let end = Math.min(at + PIECE_BYTES, bytes.length);
    while (end < bytes.length && isWithinCharacter(bytes[end] ?? 0)) end -= 1;
    yield bytes.toString('utf8', at, end);
    at = end;
  }
}

/** Whether a byte of UTF-8 is not the first of its character. */
function isWithinCharacter(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
