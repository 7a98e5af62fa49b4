// SPDX-License-Identifier: Apache-2.0
// The cost of a recording for a server whose work is mostly system calls: redis under redis-benchmark, both in one
// container of runc. The floor is the same beside an empty program on the hook of system calls.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeBundle } from '../tools/oci-bundle.ts';
import { compiled } from './programs.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';
import { attachedFloor, newId, startRecorder } from './running-recorder.ts';

const ROUNDS = 7;

/** One client, no pipeline: each request is a read and a write on both sides, and a wait. */
const SCRIPT = `redis-server --port 0 --unixsocket /tmp/redis.sock --dir /tmp --save '' >/tmp/log & server=$!
until redis-cli -s /tmp/redis.sock ping >/dev/null 2>&1; do kill -0 $server || exit 7; sleep 0.05; done
redis-benchmark -s /tmp/redis.sock -t get,set -n 40000 -c 8 --csv
redis-cli -s /tmp/redis.sock shutdown nosave
wait $server`;

function bundleIn(folder: string): string {
  const bundle = path.join(folder, 'redis');
  makeBundle(bundle, compiled('empty'), {
    args: ['/bin/bash', '-c', SCRIPT],
    noNewPrivileges: true,
    user: 1000,
    capabilities: false,
    terminal: false,
    seccomp: undefined,
  });
  // runc gives a tmpfs the mode of the folder that it covers.
  const folderOfOwn = path.join(bundle, 'rootfs', 'tmp');
  mkdirSync(folderOfOwn);
  chmodSync(folderOfOwn, 0o1777);
  const file = path.join(bundle, 'config.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8')) as { mounts: unknown[]; root: unknown };
  for (const destination of ['/usr', '/lib', '/lib64', '/bin', '/etc']) {
    configuration.mounts.push({ destination, type: 'bind', source: destination, options: ['rbind', 'ro'] });
  }
  const options = ['nosuid', 'nodev', 'mode=1777'];
  configuration.mounts.push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options });
  configuration.root = { path: 'rootfs', readonly: false };
  writeFileSync(file, JSON.stringify(configuration));
  return bundle;
}

/** Requests a second, SET and GET together. */
function rate(bundle: string): number {
  const { status, stdout, stderr } = spawnSync('runc', ['run', '--bundle', bundle, newId()], { encoding: 'utf8' });
  const rates = [...stdout.matchAll(/^"(?:SET|GET)","([\d.]+)"/gm)].map(([, number]) => Number(number));
  if (status !== 0 || rates.length !== 2) throw new Error(`redis in a container: ${String(status)} ${stdout}${stderr}`);
  return 2 / rates.reduce((sum, each) => sum + 1 / each, 0);
}

interface Sample {
  readonly alone: number;
  readonly floor: number;
  readonly recorded: number;
}

async function takeSample(bundle: string): Promise<Sample> {
  const alone = rate(bundle);
  const hook = await attachedFloor('calls and exits');
  const floor = rate(bundle);
  const end = once(hook, 'close');
  hook.kill();
  await end;
  const running = await startRecorder();
  const recorded = rate(bundle);
  await running.until(() => running.ended() > 0);
  await running.stop();
  return { alone, floor, recorded };
}

/** How much longer the same work takes in a recorded container. */
export async function measureRedis(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-redis-'));
  try {
    const bundle = bundleIn(folder);
    rate(bundle);
    const samples: Sample[] = [];
    for (let round = 0; round < ROUNDS; round += 1) samples.push(await takeSample(bundle));
    const loss = (of: 'floor' | 'recorded'): number => median(samples.map((sample) => sample.alone / sample[of]));
    return [
      {
        what: `redis-benchmark, ${(median(samples.map(({ alone }) => alone)) / 1000).toFixed(0)} thousand requests/s, recorded`,
        value: loss('recorded'),
        unit: 'x',
        floor: { what: 'empty tp_btf programs on sys_enter and sys_exit', value: loss('floor') },
        // 6 % fewer requests a second.
        bar: 1 / 0.94,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
