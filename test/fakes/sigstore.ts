// SPDX-License-Identifier: Apache-2.0
// The services of sigstore on loopback, over http as users have them: an authority, a log and a timestamp service, made
// of the parts of @sigstore/mock. That log keeps what it is given as it comes; a real one keeps a short form of
// envelopes, which is written here.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, initializeTSA } from '@sigstore/mock';
import { certificateRequest, readCertificate } from '../../src/core/signature/keyless.ts';
import type { Envelope } from '../../src/core/signature/keyless.ts';
import { openServices } from '../../src/io/registry/service.ts';
import { TIME_LIMITS } from '../../src/io/registry/time-limits.ts';
import { signKeyless } from '../../src/io/signature/keyless.ts';

/** Times that the services believe it is; the real one where none is given. */
export interface Clocks {
  readonly authority?: Date;
  readonly log?: Date;
  readonly stamp?: Date;
}

/** A status, and headers, instead of an answer. */
export interface Denial {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The issuer in tokens. */
export const ISSUER = 'https://issuer.example';

/** An identity in tokens. */
export const SUBJECT = 'https://ci.example/team/web/release@main';

const FULCIO = '/api/v2/signingCert';
const V1_LOG = '/api/v1/log/entries';

const START = new Date(Date.now() - 3_600_000).toISOString();

/** A token that nobody has signed, in the form of one that somebody has: cosign reads no other. */
export function tokenOf(claims: object = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const payload = part({ iss: ISSUER, sub: SUBJECT, aud: 'sigstore', exp, ...claims });
  return `${part({ alg: 'RS256' })}.${payload}.${'A'.repeat(342)}`;
}

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

interface Body {
  readonly spec?: { readonly proposedContent?: { readonly envelope: string; readonly verifiers: readonly string[] } };
  readonly hashedRekordRequestV002?: { readonly digest: string; readonly signature: object };
}

/** The entry that a real log makes of an envelope; others it takes as they are. */
function entryOf(body: Body): object {
  const { proposedContent } = body.spec ?? {};
  if (proposedContent === undefined) return body;
  const { envelope: text, verifiers } = proposedContent;
  const envelope = JSON.parse(text) as Envelope;
  const hash = (bytes: Uint8Array | string): object => ({ algorithm: 'sha256', value: sha256(bytes).toString('hex') });
  const signatures = [{ signature: envelope.signatures[0].sig, verifier: verifiers[0] }];
  const payloadHash = hash(Buffer.from(envelope.payload, 'base64'));
  return { apiVersion: '0.0.1', kind: 'dsse', spec: { envelopeHash: hash(text), payloadHash, signatures } };
}

function entryOfSecond({ hashedRekordRequestV002 }: Body): object {
  const { digest, signature } = hashedRekordRequestV002 as NonNullable<Body['hashedRekordRequestV002']>;
  const hashedRekordV002 = { data: { algorithm: 'SHA2_256', digest }, signature };
  return { apiVersion: '0.0.2', kind: 'hashedrekord', spec: { hashedRekordV002 } };
}

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** An entry with the log's promise. */
export interface LogAnswer {
  readonly body: string;
  readonly verification: { readonly signedEntryTimestamp: string };
}

/** The services. */
export class FakeSigstore {
  /** Paths that were asked, in order. */
  readonly asked: string[] = [];
  /** Answers that come first, by path. */
  readonly denials = new Map<string, Denial[]>();
  /** Changes a good answer. */
  tamper: (path: string, answer: string) => string = (_path, answer) => answer;
  readonly url: string;
  readonly trustedRoot: string;
  private readonly answers: Answers;
  private readonly server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>, url: string, parts: Parts, answers: Answers) {
    this.server = server;
    this.url = url;
    this.trustedRoot = JSON.stringify(rootOf(url, parts));
    this.answers = answers;
  }

  static async start(clocks: Clocks = {}): Promise<FakeSigstore> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const parts = await partsOf(url, clocks);
    const sigstore = new FakeSigstore(server, url, parts, answersOf(parts, clocks.stamp === undefined));
    server.on('request', (incoming, response) => void sigstore.answer(incoming, response));
    return sigstore;
  }

  /** Options of spoc push, with its trusted root in a file of that name. */
  options(...more: readonly string[]): readonly string[] {
    const services = ['--fulcio-url', this.url, '--rekor-url', this.url];
    return [...services, '--trusted-root', 'trusted_root.json', '--identity-token', tokenOf(), ...more];
  }

  /** The bundle of a signature over a statement, as spoc gets it. */
  async sign(statement: string, ...more: readonly ('timestamp' | 'second log')[]): Promise<string> {
    const services = openServices({ limits: TIME_LIMITS });
    const url = new URL(this.url);
    const rekor = { url, version: more.includes('second log') ? 2 : 1 } as const;
    const timestamp = more.includes('timestamp') ? url : undefined;
    try {
      const login = { token: tokenOf(), subject: SUBJECT };
      return await signKeyless(statement, login, { fulcio: url, rekor, timestamp }, services.post);
    } finally {
      services.close();
    }
  }

  /** A certificate for a public key, both PEM. */
  async certificate(publicKey: string): Promise<string> {
    const request = certificateRequest(tokenOf(), publicKey, new Uint8Array(1));
    return readCertificate(JSON.parse(await this.post(FULCIO, request))) ?? '';
  }

  /** The log's answer to an entry. */
  async logged(entry: object): Promise<LogAnswer> {
    const answer = await this.post(V1_LOG, JSON.stringify(entry));
    return Object.values(JSON.parse(answer) as Readonly<Record<string, LogAnswer>>)[0] as LogAnswer;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async post(path: string, body: string): Promise<string> {
    const answer = await this.answers[path]?.(Buffer.from(body));
    if (typeof answer !== 'string') throw new TypeError(`${path} answers in bytes`);
    return answer;
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? '';
    this.asked.push(path);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const denial = this.denials.get(path)?.shift();
    const make = this.answers[path];
    if (denial !== undefined || make === undefined) {
      response.writeHead(denial?.status ?? 404, denial?.headers).end('the service says no');
      return;
    }
    const body = await make(Buffer.concat(chunks), incoming.headers.authorization);
    const type = typeof body === 'string' ? 'application/json' : 'application/timestamp-reply';
    // As the services do: Fulcio says 200, the log tells the entry's name, and cosign takes nothing else.
    const etag =
      path === V1_LOG && typeof body === 'string' ? { etag: Object.keys(JSON.parse(body) as object)[0] } : {};
    response.writeHead(path === FULCIO ? 200 : 201, { 'content-type': type, ...etag });
    response.end(typeof body === 'string' ? this.tamper(path, body) : body);
  }
}

type Answers = Readonly<Record<string, (body: Buffer, authorization?: string) => Promise<string | Uint8Array>>>;
type Parts = Awaited<ReturnType<typeof partsOf>>;

async function partsOf(url: string, clocks: Clocks) {
  const stampClock = clocks.stamp ?? new Date();
  const ctlog = await initializeCTLog(keyPair(), clocks.authority);
  return {
    ctlog,
    authority: await initializeCA(keyPair(), ctlog, clocks.authority),
    log: await initializeTLog(url, keyPair(), clocks.log),
    stampClock,
    stamp: await initializeTSA(keyPair(), stampClock),
  };
}

/** Of a query: the bytes of the digest, and the nonce, at their places (RFC 3161). */
const QUERY = { digest: 24, nonce: 59 } as const;

function answersOf({ authority, log, stamp, stampClock }: Parts, isLive: boolean): Answers {
  const fulcio = fulcioHandler(authority);
  return {
    [FULCIO]: async (body, authorization) => {
      // The token may be in the body, as the mock wants it, or in a header.
      const credentials = { oidcIdentityToken: authorization?.replace(/^Bearer /, '') };
      const request = { credentials, ...(JSON.parse(body.toString()) as object) };
      const { response } = await fulcio.fn(JSON.stringify(request));
      if (typeof response !== 'string') throw new TypeError('the authority answers in bytes');
      return response;
    },
    [V1_LOG]: async (body) => JSON.stringify(await log.log(entryOf(JSON.parse(body.toString()) as Body))),
    // GitHub's, for a job.
    '/token?api=1&audience=sigstore': async (_body, authorization) =>
      JSON.stringify({ value: authorization === 'bearer a secret' ? tokenOf() : undefined }),
    '/api/v2/log/entries': async (body) => {
      const entry = await log.logV2(entryOfSecond(JSON.parse(body.toString()) as Body) as never);
      // The mock counts its only leaf otherwise than the tree of one that it proves.
      const inclusionProof = { ...entry.inclusionProof, logIndex: '0' };
      const kindVersion = { kind: 'hashedrekord', version: '0.0.2' };
      return JSON.stringify({ ...entry, kindVersion, inclusionProof }, (_key, value: unknown) => bytesAsText(value));
    },
    '/api/v1/timestamp': async (body) => {
      const artifactHash = body.subarray(QUERY.digest, QUERY.digest + 32);
      const hashAlgorithmOID = '2.16.840.1.101.3.4.2.1';
      const nonce = body.readUInt32BE(QUERY.nonce);
      // Timestamps have whole seconds: a reader need not take more.
      if (isLive) stampClock.setTime(Math.floor(Date.now() / 1000) * 1000);
      const reply = await stamp.timestamp({ artifactHash, hashAlgorithmOID, nonce, policyOID: '1.2.3', certReq: true });
      return Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength);
    },
  };
}

/** As protobuf's JSON has bytes; Buffer's own form of them came before. */
function bytesAsText(value: unknown): unknown {
  const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
  return isBuffer ? Buffer.from((value as unknown as { readonly data: number[] }).data).toString('base64') : value;
}

function bytesOf(view: ArrayBufferView): string {
  return base64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

function rootOf(url: string, { authority, ctlog, log, stamp }: Parts): object {
  const validFor = { start: START };
  const logOf = (key: Buffer) => ({
    baseUrl: url,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: base64(key), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: base64(sha256(key)) },
  });
  const authorityOf = (...chain: readonly ArrayBufferView[]) => ({
    subject: { organization: 'example', commonName: 'example' },
    uri: url,
    certChain: { certificates: chain.map((each) => ({ rawBytes: bytesOf(each) })) },
    validFor,
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(log.publicKey)],
    certificateAuthorities: [authorityOf(authority.rootCertificate)],
    ctlogs: [logOf(ctlog.publicKey)],
    timestampAuthorities: [authorityOf(stamp.intCertificate, stamp.rootCertificate)],
  };
}
