// SPDX-License-Identifier: Apache-2.0
// A conversation with one of our C programs: events come up and commands go down, as lines. Nothing is sent before the
// program has said that it speaks our protocol.
import type { Channel } from './channel.ts';

/** The protocol of a program, and how a conversation ends. */
export interface NativeLanguage<Event, Command> {
  /** The value that its event hello must carry. */
  readonly protocol: string;
  readonly parse: (line: string) => Event;
  readonly print: (command: Command) => string;
  /** Whether nothing follows the event. */
  readonly isLast: (event: Event) => boolean;
}

/** A conversation with a running program. */
export interface Conversation<Event, Command> {
  /**
   * The program's events, without hello. Iterate it once. Throws an Error with a sentence when the program cannot be
   * started, speaks another protocol or ends before its last event.
   */
  readonly events: AsyncIterable<Event>;
  /** Sends a command to the program. Commands before its hello wait for it; those after its end are void. */
  readonly send: (command: Command) => void;
}

/** Begins a conversation on a channel. */
export function converse<Event extends { readonly type: string }, Command>(
  language: NativeLanguage<Event, Command>,
  channel: Channel,
): Conversation<Event, Command> {
  const gate = new Gate(channel.write);
  return { events: readEvents(language, channel, gate), send: (command) => gate.write(language.print(command)) };
}

async function* readEvents<Event extends { readonly type: string }, Command>(
  language: NativeLanguage<Event, Command>,
  channel: Channel,
  gate: Gate,
): AsyncGenerator<Event> {
  let failure: unknown;
  try {
    let last = false;
    for await (const line of channel.lines) {
      const event = language.parse(line);
      if (event.type === 'hello') {
        checkProtocol(channel.program, language.protocol, event);
        gate.open();
        continue;
      }
      last ||= language.isLast(event);
      yield event;
    }
    const end = await channel.end();
    if (!last) throw new Error(`${channel.program} ${end} before it had finished`);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    channel.close(failure);
  }
}

function checkProtocol(program: string, protocol: string, hello: object): void {
  const spoken = 'protocol' in hello ? String(hello.protocol) : 'none';
  if (spoken === protocol) return;
  throw new Error(`${program} speaks protocol ${spoken} and we speak ${protocol}: run npm run build:native`);
}

/** Holds commands back until the program has said hello. */
class Gate {
  private readonly send: (text: string) => void;
  private waiting: string[] | undefined = [];

  constructor(send: (text: string) => void) {
    this.send = send;
  }

  open(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    if (waiting.length > 0) this.send(waiting.join(''));
  }

  write(text: string): void {
    if (this.waiting !== undefined) this.waiting.push(text);
    else this.send(text);
  }
}
