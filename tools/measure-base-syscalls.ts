// SPDX-License-Identifier: Apache-2.0
// Measures what OCI runtimes do between installing the seccomp filter and the execve of the container's command: these calls
// must be in every profile of a container. Prints rows of schemas/tables/base-syscalls.csv.
// Usage: node tools/measure-base-syscalls.ts [RUNTIME...]   (default: runc crun; needs root, strace and gcc)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeBundle, runtimeCommand, type BundleOptions } from './oci-bundle.ts';

/** Go's scheduler shows other calls from run to run, so each variant is run several times. */
const REPETITIONS = 5;

const loads =
  /^(\d+) +(?:seccomp\(SECCOMP_SET_MODE_FILTER, [^,]*, \{len=|prctl\(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (?!NULL))/;
const calls = /^(\d+) +([a-z_0-9]+)\(/;

/** Names of the calls that the thread which installed the filter made from then on, up to the execve of the command. */
export function callsUnderFilter(log: string): readonly string[] {
  const lines = log.split('\n');
  const load = lines.findLastIndex((line) => loads.test(line) && !line.includes('EFAULT'));
  const thread = loads.exec(lines[load] ?? '')?.[1];
  if (thread === undefined) throw new Error('no filter was installed');
  const names: string[] = [];
  for (const line of lines.slice(load + 1)) {
    const [, pid, name] = calls.exec(line) ?? [];
    if (pid !== thread || name === undefined) continue;
    names.push(name);
    if (line.includes('execve("/bin/program"')) return names;
  }
  throw new Error('the command was not started');
}

const harmless = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['acct'], action: 'SCMP_ACT_ERRNO' }],
};

function variants(): readonly BundleOptions[] {
  const both = [false, true];
  return both.flatMap((noNewPrivileges) =>
    [0, 1000].flatMap((user) =>
      both.map((capabilities) => ({
        args: ['/bin/program'],
        noNewPrivileges,
        user,
        capabilities,
        terminal: false,
        seccomp: harmless,
      })),
    ),
  );
}

function measureOnce(folder: string, runtime: string, options: BundleOptions): readonly string[] {
  const bundle = path.join(folder, 'bundle');
  const log = path.join(folder, 'log');
  makeBundle(bundle, path.join(folder, 'program'), options);
  const id = `measure-${String(process.pid)}-${process.hrtime.bigint().toString(36)}`;
  const result = spawnSync('strace', ['-f', '-s', '256', '-o', log, ...runtimeCommand(runtime, bundle, id)], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`${runtime} ended with status ${String(result.status)}: ${result.stderr}`);
  return callsUnderFilter(readFileSync(log, 'utf8'));
}

function nameOf(runtime: string): string {
  const version = /version (\S+?)(?:[+\n]|$)/.exec(execFileSync(runtime, ['--version'], { encoding: 'utf8' }))?.[1];
  return `${path.basename(runtime)}-${version ?? 'unknown'}`;
}

function measure(folder: string, runtime: string): ReadonlySet<string> {
  const names = variants().flatMap((options) =>
    Array.from({ length: REPETITIONS }).flatMap(() => measureOnce(folder, runtime, options)),
  );
  return new Set(names);
}

function main(runtimes: readonly string[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'base-syscalls-'));
  try {
    const source = path.join(folder, 'program.c');
    writeFileSync(source, '#include <unistd.h>\nint main(void) { return write(1, "", 0) ? 1 : 0; }\n');
    execFileSync('gcc', ['-static', '-O2', '-o', path.join(folder, 'program'), source]);
    const seen = new Map<string, string[]>();
    for (const runtime of runtimes) {
      const name = nameOf(runtime);
      for (const call of measure(folder, runtime)) seen.set(call, [...(seen.get(call) ?? []), name]);
    }
    for (const [call, names] of [...seen].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`${call},${names.join(' ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) main(process.argv.length > 2 ? process.argv.slice(2) : ['runc', 'crun']);
