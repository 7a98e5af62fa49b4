// SPDX-License-Identifier: Apache-2.0
// A terminal with files in memory, and a machine whose recorder and runner play given events.
import type { Machine } from '../../src/cli/command-line.ts';
import type { Output, Terminal } from '../../src/cli/terminal.ts';
import type { RegistrySettings } from '../../src/cli/registry-options.ts';
import type { ArtifactStore } from '../../src/core/oci/store.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { RecorderEvent } from '../../src/gen/wire/recorder.ts';
import type { RunnerEvent } from '../../src/gen/wire/runner.ts';
import type { KeyFile } from '../../src/cli/artifact-signatures.ts';
import { openSigner, openVerifier } from '../../src/roles/spoc/signatures.ts';
import { digest } from '../../src/io/digest.ts';
import { locateYaml, parseYaml, printYaml } from '../../src/io/yaml.ts';

/** A terminal that keeps what was written. */
export class FakeTerminal implements Terminal {
  readonly stored = new Map<string, string>();
  readonly logged: string[] = [];
  readonly readOnly = new Set<string>();
  printed = '';
  readonly yaml = { parse: parseYaml, locate: locateYaml, print: printYaml };
  readonly files = {
    read: async (path: string): Promise<string> => {
      const text = this.stored.get(path);
      if (text === undefined) throw new Error(`read ${path}: no such file or directory`);
      return text;
    },
    openOutput: async (path: string): Promise<Output> => {
      if (this.readOnly.has(path)) throw new Error(`write ${path}: permission denied`);
      return {
        write: async (text: string): Promise<void> => {
          this.stored.set(path, text);
        },
      };
    },
  };

  log(message: string): void {
    this.logged.push(message);
  }

  print(text: string): void {
    this.printed += text;
  }
}

async function* play<Event>(events: readonly (Event | (() => void))[]): AsyncGenerator<Event> {
  for (const event of events) {
    if (isStep(event)) event();
    else yield event;
  }
}

function isStep(event: unknown): event is () => void {
  return typeof event === 'function';
}

/** A machine with a given past: what its recorder and runner will say, a function for something done in between. */
export class FakeMachine implements Machine {
  readonly architecture = 'SCMP_ARCH_X86_64';
  readonly build = { node: 'v24.0.0', platform: 'linux/amd64', kernel: '6.18' };
  readonly env: Record<string, string> = {};
  /** The registry of push and pull; a test that needs one puts it here. */
  registry: ArtifactStore | undefined;
  /** The settings that the registry was opened with. */
  readonly opened: RegistrySettings[] = [];
  readonly started: unknown[] = [];
  /** Signals that were sent to the command. */
  readonly signals: number[] = [];
  /** Lines that were kept with the filter. */
  readonly notes: string[] = [];
  timeMs = 0;
  readonly filters: NumericFilter[] = [];
  /** The last line of the terminal's log at each release of a command. */
  readonly releasedAfter: (string | undefined)[] = [];
  stops = 0;
  terminal: FakeTerminal | undefined;
  recorderEvents: readonly (RecorderEvent | (() => void))[] = [];
  runnerEvents: readonly (RunnerEvent | (() => void))[] = [];

  async record(argv: readonly string[], privileged: boolean) {
    this.started.push({ argv, privileged });
    return this.recording();
  }

  watch(name: string) {
    this.started.push({ name });
    return this.recording();
  }

  async run(filter: NumericFilter, argv: readonly string[], notes: readonly string[]) {
    this.started.push({ argv });
    this.filters.push(filter);
    this.notes.push(...notes);
    return { events: play(this.runnerEvents), release: () => this.release() };
  }

  readonly sha256 = digest;

  openSigner(key: KeyFile) {
    return openSigner(key, this.env);
  }

  readonly openVerifier = openVerifier;

  async pause(): Promise<void> {
    // Nobody else writes in a test.
  }

  async openRegistry(settings: RegistrySettings): Promise<ArtifactStore> {
    this.opened.push(settings);
    if (this.registry === undefined) throw new Error('the test has no registry');
    return this.registry;
  }

  now(): number {
    return this.timeMs;
  }

  private release(): void {
    this.releasedAfter.push(this.terminal?.logged.at(-1));
  }

  private recording() {
    return {
      events: play(this.recorderEvents),
      release: () => this.release(),
      signal: (number: number) => {
        this.signals.push(number);
      },
      stop: () => {
        this.stops += 1;
      },
    };
  }
}
