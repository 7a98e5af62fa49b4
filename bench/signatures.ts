// SPDX-License-Identifier: Apache-2.0
// How long a thousand signatures of artifacts take to be verified by a key, and by a certificate, from the JSON of
// their bundles. Beside it what Node.js alone needs for as many: a certificate is read, held against its authority, and
// takes four more signatures.
import { generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readBundle } from '../src/core/signature/bundle.ts';
import { judge } from '../src/core/signature/judge.ts';
import type { Cryptography } from '../src/core/signature/judge.ts';
import type { Signer } from '../src/core/signature/policy.ts';
import { printStatement, signedBytes } from '../src/core/signature/statement.ts';
import { makeCryptography } from '../src/io/signature/cryptography.ts';
import { signStatement } from '../src/io/signature/key-signatures.ts';
import { openSigstore } from '../src/io/signature/sigstore.ts';
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

async function verifyAll(
  all: readonly Signed[],
  signers: readonly Signer[],
  cryptography: Cryptography,
): Promise<void> {
  for (const { digest, bundle: text } of all) {
    const bundle = readBundle(JSON.parse(text));
    if (typeof bundle === 'string') throw new Error(bundle);
    const verdict = judge({ form: 'bundle', bundle }, digest, signers, cryptography);
    if (!verdict.verified) throw new Error(verdict.reason);
  }
}

/** Verifies them, a few times. */
export async function measureSignatures(): Promise<readonly Figure[]> {
  return [...(await measureKey()), ...(await measureCertificates())];
}

/** Signatures by certificates that are made: the services give a hundred in a second. */
const MADE = 100;

/** Besides the artifact's own: of the log of certificates, and of the log, its promise and its state. */
const LOGGED_PARTS = 3;

interface Certified {
  readonly verificationMaterial: { readonly certificate: { readonly rawBytes: string } };
}

/** The certificate in a bundle. */
function certificateOf({ bundle }: Signed): Buffer {
  const { verificationMaterial } = JSON.parse(bundle) as Certified;
  return Buffer.from(verificationMaterial.certificate.rawBytes, 'base64');
}

/** All that Node.js has to do for a signature by a certificate, when nothing is asked of the certificate. */
function floorOf(certificates: readonly Buffer[]): () => void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const bytes = Buffer.alloc(500);
  const signature = sign('sha256', bytes, privateKey);
  return () => {
    for (const der of certificates) {
      const certificate = new X509Certificate(der);
      certificate.verify(publicKey);
      verify('sha256', bytes, certificate.publicKey, signature);
      for (let at = 0; at < LOGGED_PARTS; at++) verify('sha256', bytes, publicKey, signature);
    }
  };
}

async function measureCertificates(): Promise<readonly Figure[]> {
  const { FakeSigstore, ISSUER, SUBJECT } = await import('../test/fakes/sigstore.ts');
  const sigstore = await FakeSigstore.start();
  const made: Signed[] = [];
  for (let at = 0; at < MADE; at++) {
    const digest = `sha256:${at.toString(16).padStart(64, '0')}`;
    made.push({ digest, bundle: await sigstore.sign(printStatement(digest)) });
  }
  await sigstore.stop();
  const prove = openSigstore(sigstore.trustedRoot);
  if (typeof prove === 'string') throw new Error(prove);
  const signers = [{ identity: { exact: SUBJECT }, issuer: { exact: ISSUER } }];
  const all = Array.from({ length: SIGNATURES / MADE }, () => made).flat();
  const node = floorOf(all.map(certificateOf));
  const [ours, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    floor.push(await timeOf(node));
    ours.push(await timeOf(() => verifyAll(all, signers, makeCryptography(prove))));
  }
  return [
    {
      what: `${String(SIGNATURES)} signatures of artifacts verified by certificate, with the log's proof`,
      value: median(ours),
      unit: 'ms',
      floor: { what: "node:crypto's own reading and verify of as many", value: median(floor) },
      bar: 1.5 * median(floor),
    },
  ];
}

async function measureKey(): Promise<readonly Figure[]> {
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
    ours.push(await timeOf(() => verifyAll(all, [{ publicKey: pem }], makeCryptography())));
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
