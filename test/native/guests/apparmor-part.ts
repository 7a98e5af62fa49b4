// SPDX-License-Identifier: Apache-2.0
// The daemon's part with AppArmor profiles as a process, which apparmor-kills.ts starts in a guest and kills: takes
// what is wanted from a file, brings it into the kernel, takes the rest out, and says when that is done.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppArmorProfile, AppArmorProfileSpec } from '../../../src/gen/crd/app-armor-profile.ts';
import { appArmorOnNode } from '../../../src/handlers/node/apparmor-profile.ts';
import { AppArmorRecords } from '../../../src/io/apparmor-records.ts';
import { digest } from '../../../src/io/digest.ts';
import { NodeAppArmor } from '../../../src/io/native/apparmor-kernel.ts';
import { readBootId } from '../../../src/io/node-kernel.ts';

/** The file of wishes. */
export interface AppArmorWishes {
  readonly version: number;
  readonly specs: Readonly<Record<string, AppArmorProfileSpec>>;
}

const [wishes = '', root = '', securityfs = ''] = process.argv.slice(2);
const { LOADER: loader = '', BOUNDED: bounded = '' } = process.env;
const NAMESPACE = 'n';

const places = { loader, bounded, parser: '/sbin/apparmor_parser', base: '/etc/apparmor.d', securityfs };
const kernel = await NodeAppArmor.open(places);
const onFault = (why: string): void => console.error(why);
const kind = appArmorOnNode({
  profiles: { get: () => undefined, list: () => [], index: () => () => [], isWithheld: () => false },
  operatorNamespace: 'operator',
  kernel,
  records: await AppArmorRecords.open(root, await readBootId(), onFault),
  counters: { done: () => undefined, failed: () => undefined },
  digest,
  switchedOffBy: async () => undefined,
});

function profileOf(name: string, spec: AppArmorProfileSpec): AppArmorProfile {
  const apiVersion = 'security-profiles-operator.x-k8s.io/v1alpha1';
  return { apiVersion, kind: 'AppArmorProfile', metadata: { namespace: NAMESPACE, name }, spec };
}

async function bring({ specs }: AppArmorWishes): Promise<void> {
  const leftovers = await kind.leftovers();
  for (const one of leftovers.filter(({ key }) => specs[key.name] === undefined)) await one.remove();
  for (const [name, spec] of Object.entries(specs))
    await kind.write({ namespace: NAMESPACE, name }, kind.prepare(profileOf(name, spec)));
}

for (let done = -1; ;) {
  const wanted = JSON.parse(await readFile(wishes, 'utf8')) as AppArmorWishes;
  if (wanted.version === done) await sleep(20);
  else {
    try {
      await bring(wanted);
      done = wanted.version;
      console.log(`done ${String(done)}`);
    } catch (error) {
      console.error(String(error));
      await sleep(200);
    }
  }
}
