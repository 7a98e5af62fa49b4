// SPDX-License-Identifier: Apache-2.0
// A terminal with files in memory, and a machine whose recorder and runner play given events.
import type { Machine } from '../../src/cli/command-line.ts';
import type { Output, Terminal } from '../../src/cli/terminal.ts';
import type { Cluster } from '../../src/cli/cluster.ts';
import type { RegistrySettings } from '../../src/cli/registry-settings.ts';
import type { ArtifactStore } from '../../src/core/oci/store.ts';
import type { NodeFacts } from '../../src/core/doctor/node-facts.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { KernelFilter } from '../../src/core/seccomp/kernel-filter/program.ts';
import type { RecorderEvent } from '../../src/gen/wire/recorder.ts';
import type { RunnerEvent } from '../../src/gen/wire/runner.ts';
import type { KeyFile } from '../../src/cli/key-files.ts';
import type { KeylessRequest } from '../../src/cli/keyless-options.ts';
import { openKeylessSigner } from '../../src/roles/spoc/keyless.ts';
import { openSigner, openVerifier } from '../../src/roles/spoc/signatures.ts';
import { datesOf } from '../../src/io/certificate-dates.ts';
import { digest } from '../../src/io/digest.ts';
import type { PackedLayer } from '../../src/core/ceiling/image/archive.ts';
import type { ProgramSource } from '../../src/core/ceiling/source.ts';
import { openLayers, openProgramSource } from '../../src/io/program-source.ts';
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
    readTrusted: (path: string): Promise<string> => this.files.read(path),
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

interface NotedExtras {
  readonly traced: readonly number[] | undefined;
  readonly profile: string | undefined;
}

/** Those that are there. */
function given(extras: NotedExtras): object {
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined));
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

  readonly profileName = 'spoc-1';

  async record(argv: readonly string[], privileged: boolean, extras: NotedExtras) {
    this.started.push({ argv, privileged, ...given(extras) });
    return this.recording();
  }

  watch(name: string, extras: NotedExtras) {
    this.started.push({ name, ...given(extras) });
    return this.recording();
  }

  async run(filter: NumericFilter, argv: readonly string[], notes: readonly string[]) {
    this.started.push({ argv });
    this.filters.push(filter);
    this.notes.push(...notes);
    return { events: play(this.runnerEvents), release: () => this.release() };
  }

  async confine(profile: string, argv: readonly string[]) {
    this.started.push({ argv, profile });
    return { events: play(this.runnerEvents), release: () => this.release() };
  }

  readonly sha256 = digest;

  openSigner(key: KeyFile) {
    return openSigner(key, this.env);
  }

  isInteractive = false;

  openKeylessSigner(request: KeylessRequest, say: (line: string) => void) {
    return openKeylessSigner(request, this.env, say);
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

  /** The filters of processes, by process id. */
  readonly filtersOfProcesses = new Map<number, readonly KernelFilter[]>();

  async filtersOf(pid: number): Promise<readonly KernelFilter[]> {
    const found = this.filtersOfProcesses.get(pid);
    if (found === undefined) throw new Error(`pid ${String(pid)}: there is no such process`);
    return found;
  }

  readonly openPrograms = openProgramSource;

  async openLayers(layers: readonly PackedLayer[]): Promise<ProgramSource> {
    return openLayers(layers);
  }

  /** Programs that PATH leads to, by name. */
  readonly programs = new Map<string, string>();
  /** Policies that were loaded or removed. */
  readonly policies: { readonly text: string; readonly action: string }[] = [];

  async findProgram(name: string): Promise<string | undefined> {
    return this.programs.get(name);
  }

  async changePolicy(text: string, action: string): Promise<void> {
    this.policies.push({ text, action });
  }

  /** The machine as the doctor sees it; a test that needs one puts it here. */
  facts: NodeFacts | undefined;
  /** The cluster; undefined where there is no kubeconfig. */
  cluster: Cluster | undefined;

  async examine(): Promise<NodeFacts> {
    if (this.facts === undefined) throw new Error('the test has no machine');
    return this.facts;
  }

  async hasKubeconfig(): Promise<boolean> {
    return this.cluster !== undefined;
  }

  async openCluster(): Promise<Cluster | string> {
    return this.cluster ?? 'the kubeconfig cannot be used: there is none';
  }

  readonly validityOf = datesOf;

  time(): number {
    return this.timeMs;
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
