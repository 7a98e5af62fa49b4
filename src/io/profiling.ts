// SPDX-License-Identifier: Apache-2.0
// CPU and heap profiles of this process in the format that `go tool pprof` reads, taken by V8 itself through the
// inspector. The heap is sampled from the start of the endpoint on; that costs a little, which is why it is an option.
import { Session } from 'node:inspector/promises';
import type { Profiler, Runtime } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { Function, Line, Location, Profile, Sample, StringTable, ValueType } from 'pprof-format';

/** Bytes between two heap samples, as Go has it. */
const HEAP_INTERVAL = 512 * 1024;

/** Microseconds between two CPU samples. */
const CPU_INTERVAL_US = 1000;

/** A place in the program, with what was measured there and below. */
interface Place {
  readonly frame: Runtime.CallFrame;
  readonly values: readonly number[];
  readonly children: readonly Place[];
}

/**
 * The answer of V8 as it is; @types/node lacks the samples and the numbers of the nodes (DevTools protocol,
 * HeapProfiler).
 */
interface HeapSamples {
  readonly head: HeapNode;
  readonly samples: readonly { readonly nodeId: number }[];
}

interface HeapNode {
  readonly id: number;
  readonly callFrame: Runtime.CallFrame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** The meaning of a profile's values: type and unit of each. */
type Meaning = readonly (readonly [string, string])[];

/** A profiler of this process; one CPU profile at a time. */
export class ProcessProfiler {
  private readonly session = new Session();
  private busy = false;

  /** Begins to sample the heap. */
  async start(): Promise<void> {
    this.session.connect();
    await this.session.post('HeapProfiler.enable');
    await this.session.post('HeapProfiler.startSampling', { samplingInterval: HEAP_INTERVAL });
  }

  /** Ends all sampling. */
  stop(): void {
    this.session.disconnect();
  }

  /** The live heap by place of allocation: sampled objects and bytes. */
  async heap(): Promise<Uint8Array> {
    const answer = await this.session.post('HeapProfiler.getSamplingProfile');
    const profile = answer.profile as unknown as HeapSamples;
    const objects = new Map<number, number>();
    for (const { nodeId } of profile.samples) objects.set(nodeId, (objects.get(nodeId) ?? 0) + 1);
    const meaning: Meaning = [
      ['inuse_objects', 'count'],
      ['inuse_space', 'bytes'],
    ];
    return encode(heapPlace(profile.head, objects), meaning, ['space', 'bytes', HEAP_INTERVAL]);
  }

  /**
   * Where the time goes for so many seconds.
   * @throws RangeError when another profile is being taken
   */
  async cpu(seconds: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.busy) throw new RangeError('a CPU profile is being taken already');
    this.busy = true;
    try {
      await this.session.post('Profiler.enable');
      await this.session.post('Profiler.setSamplingInterval', { interval: CPU_INTERVAL_US });
      await this.session.post('Profiler.start');
      await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      const { profile } = await this.session.post('Profiler.stop');
      const meaning: Meaning = [
        ['samples', 'count'],
        ['cpu', 'nanoseconds'],
      ];
      return encode(cpuPlace(profile), meaning, ['cpu', 'nanoseconds', CPU_INTERVAL_US * 1000]);
    } finally {
      this.busy = false;
    }
  }
}

function heapPlace(node: HeapNode, objects: ReadonlyMap<number, number>): Place {
  return {
    frame: node.callFrame,
    values: [objects.get(node.id) ?? 0, node.selfSize],
    children: node.children.map((child) => heapPlace(child, objects)),
  };
}

function cpuPlace(profile: Profiler.Profile): Place {
  const counts = new Map<number, [number, number]>();
  (profile.samples ?? []).forEach((id, i) => {
    const [hits, nanoseconds] = counts.get(id) ?? [0, 0];
    counts.set(id, [hits + 1, nanoseconds + (profile.timeDeltas?.[i] ?? 0) * 1000]);
  });
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const place = (node: Profiler.ProfileNode): Place => ({
    frame: node.callFrame,
    values: isIdle(node) ? [0, 0] : (counts.get(node.id) ?? [0, 0]),
    children: (node.children ?? []).flatMap((id) => {
      const child = nodes.get(id);
      return child === undefined ? [] : [place(child)];
    }),
  });
  const [root] = profile.nodes;
  if (root === undefined) throw new Error('V8 returned a CPU profile without a root');
  return place(root);
}

/** V8 has a node for the time in which nothing ran; a CPU profile of Go has none. */
function isIdle(node: Profiler.ProfileNode): boolean {
  return node.callFrame.functionName === '(idle)';
}

function encode(root: Place, meaning: Meaning, period: readonly [string, string, number]): Uint8Array {
  const table = new Encoder();
  table.add(root, []);
  return table.finish(meaning, period);
}

/** Collects places as pprof wants them: numbered functions and locations, and samples of stacks, innermost first. */
class Encoder {
  private readonly strings = new StringTable();
  private readonly functions: Function[] = [];
  private readonly locations: Location[] = [];
  private readonly samples: Sample[] = [];
  private readonly known = new Map<string, Location>();

  add(place: Place, callers: readonly number[]): void {
    const stack = place.frame.functionName === '(root)' ? callers : [this.locate(place.frame), ...callers];
    if (place.values.some((value) => value > 0) && stack.length > 0) {
      this.samples.push(new Sample({ locationId: [...stack], value: place.values.map(Math.round) }));
    }
    for (const child of place.children) this.add(child, stack);
  }

  finish(meaning: Meaning, [type, unit, period]: readonly [string, string, number]): Uint8Array {
    const valueType = (name: string, of: string): ValueType =>
      new ValueType({ type: this.strings.dedup(name), unit: this.strings.dedup(of) });
    return new Profile({
      sampleType: meaning.map(([name, of]) => valueType(name, of)),
      sample: this.samples,
      location: this.locations,
      function: this.functions,
      stringTable: this.strings,
      periodType: valueType(type, unit),
      period,
      timeNanos: BigInt(Date.now()) * 1_000_000n,
    }).encode();
  }

  private locate(frame: Runtime.CallFrame): number {
    const key = `${frame.functionName}\n${frame.url}\n${String(frame.lineNumber)}:${String(frame.columnNumber)}`;
    const known = this.known.get(key);
    if (known !== undefined) return Number(known.id);
    const id = this.locations.length + 1;
    const name = this.strings.dedup(frame.functionName === '' ? '(anonymous)' : frame.functionName);
    const filename = this.strings.dedup(frame.url.replace(/^file:\/\//, ''));
    const line = frame.lineNumber + 1;
    this.functions.push(new Function({ id, name, systemName: name, filename, startLine: line }));
    const location = new Location({ id, line: [new Line({ functionId: id, line })] });
    this.locations.push(location);
    this.known.set(key, location);
    return id;
  }
}
