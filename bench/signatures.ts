// SPDX-License-Identifier: Apache-2.0
// How long a thousand signatures of artifacts take to be verified by a key, from the JSON of their bundles. Beside it
// the mathematics alone, done by Node.js.
import { generateKeyPairSync, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readBundle } from '../src/core/signature/bundle.ts';
import { judge } from '../src/core/signature/judge.ts';
import { printStatement, signedBytes } from '../src/core/signature/statement.ts';
import { makeCryptography } from '../src/io/signature/cryptography.ts';
import { signStatement } from '../src/io/signature/key-signatures.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const SIGNATURES = 1000;
const ROUNDS = 7;

interface Signed {
  readonly digest: string;
  readonly bundle: string;
}

function signed(key: KeyObject): readonly Signed[] {
  return Array.from({ length: SIGNATURES }, (_, at) => {
    const digest = `sha256:${at.toString(16).padStart(64, '0')}`;
    return { digest, bundle: signStatement(key, printStatement(digest)) };
  });
}

async function timeOf(work: () => Promise<void> | void): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function verifyAll(all: readonly Signed[], publicKey: string): Promise<void> {
  const cryptography = makeCryptography();
  for (const { digest, bundle: text } of all) {
    const bundle = readBundle(JSON.parse(text));
    if (typeof bundle === 'string') throw new Error(bundle);
    const verdict = judge({ form: 'bundle', bundle }, digest, [{ publicKey }], cryptography);
    if (!verdict.verified) throw new Error(verdict.reason);
  }
}

/** Verifies them, a few times. */
export async function measureSignatures(): Promise<readonly Figure[]> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const all = signed(privateKey);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const parts = all.flatMap(({ bundle: text }) => {
    const bundle = readBundle(JSON.parse(text));
    if (typeof bundle === 'string') throw new Error(bundle);
    const bytes = signedBytes(bundle.payloadType, bundle.payload);
    return bundle.signatures.map((signature) => ({ bytes, signature }));
  });
  const [ours, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    floor.push(
      await timeOf(() => {
        for (const { bytes, signature } of parts) verify('sha256', bytes, publicKey, signature);
      }),
    );
    ours.push(await timeOf(() => verifyAll(all, pem)));
  }
  return [
    {
      what: `${String(SIGNATURES)} signatures of artifacts verified by key`,
      value: median(ours),
      unit: 'ms',
      floor: { what: "node:crypto's own verify", value: median(floor) },
      bar: 1.5 * median(floor),
    },
  ];
}
