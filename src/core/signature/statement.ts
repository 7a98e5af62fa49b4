// SPDX-License-Identifier: Apache-2.0
// The statement that a signature is about: an in-toto statement whose subject is the digest of a manifest and whose
// predicate says that it is a signature, in the form that cosign writes. A statement with another predicate about the
// same digest (where something was built, what is in it) is evidence, and no signature.
import { isJsonObject } from '../json.ts';
import { bytesOfText, joined, textOfBytes, valueOfJson } from './encoding.ts';

/** Media type of a statement in an envelope. */
export const STATEMENT_MEDIA_TYPE = 'application/vnd.in-toto+json';

/** Predicate type of a statement that is a signature. */
export const SIGNATURE_PREDICATE = 'https://sigstore.dev/cosign/sign/v1';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const STATEMENT_TYPES: readonly unknown[] = [STATEMENT_TYPE, 'https://in-toto.io/Statement/v0.1'];
const SHA256_DIGEST = /^sha256:([0-9a-f]{64})$/;

/** Annotations of a signature: what its signer says beside the digest. */
export type Annotations = Readonly<Record<string, string>>;

/** A subject of a statement. */
export interface Subject {
  /** Hexadecimal digits of its SHA-256 digest, where it has one. */
  readonly sha256: string | undefined;
  readonly annotations: Annotations;
}

/** A statement that was read. */
export interface Statement {
  readonly predicateType: string;
  readonly subjects: readonly Subject[];
}

/** The fault of a statement, and whether it is one of another purpose. */
export interface StatementFault {
  readonly fault: string;
  readonly attestation: boolean;
}

/** The statement that signs a manifest, by its `sha256:…` digest. */
export function printStatement(digest: string, annotations: Annotations = {}): string {
  const hex = SHA256_DIGEST.exec(digest)?.[1];
  if (hex === undefined) throw new RangeError(`only manifests with a SHA-256 digest are signed, not ${digest}`);
  const said = Object.keys(annotations).length === 0 ? {} : { annotations };
  return JSON.stringify({
    _type: STATEMENT_TYPE,
    subject: [{ digest: { sha256: hex }, ...said }],
    predicateType: SIGNATURE_PREDICATE,
    predicate: {},
  });
}

/** The statement that says something else of a manifest, by its `sha256:…` digest. */
export function printAttestation(digest: string, predicateType: string, predicate: object): string {
  const hex = SHA256_DIGEST.exec(digest)?.[1];
  if (hex === undefined) throw new RangeError(`only manifests with a SHA-256 digest are signed, not ${digest}`);
  return JSON.stringify({ _type: STATEMENT_TYPE, subject: [{ digest: { sha256: hex } }], predicateType, predicate });
}

/** The bytes that an envelope's signature is over (DSSE v1, pre-authentication encoding). */
export function signedBytes(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = bytesOfText(payloadType);
  const head = bytesOfText(`DSSEv1 ${String(type.length)} ${payloadType} ${String(payload.length)} `);
  return joined([head, payload]);
}

/** Reads the payload of an envelope; a sentence where it is no statement. */
export function readStatement(payloadType: string, payload: Uint8Array): Statement | string {
  if (payloadType !== STATEMENT_MEDIA_TYPE) return `what is signed is ${payloadType}, not an in-toto statement`;
  const text = textOfBytes(payload);
  const value = text === undefined ? undefined : valueOfJson(text);
  if (!isJsonObject(value)) return 'what is signed is no JSON object';
  if (!STATEMENT_TYPES.includes(value['_type'])) return 'what is signed is no in-toto statement of version 0.1 or 1';
  if (typeof value['predicateType'] !== 'string') return 'the signed statement has no predicateType';
  const subjects: readonly unknown[] = Array.isArray(value['subject']) ? value['subject'] : [];
  return { predicateType: value['predicateType'], subjects: subjects.flatMap(subjectOf) };
}

function subjectOf(value: unknown): readonly Subject[] {
  if (!isJsonObject(value) || !isJsonObject(value['digest'])) return [];
  const { sha256 } = value['digest'];
  return [
    { sha256: typeof sha256 === 'string' ? sha256 : undefined, annotations: annotationsOf(value['annotations']) },
  ];
}

/** The members of an object that are texts. */
export function annotationsOf(value: unknown): Annotations {
  if (!isJsonObject(value)) return {};
  const texts = Object.entries(value).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  );
  return Object.fromEntries(texts);
}

/** The reason why a statement does not sign a digest, or say of it what is wanted; undefined when it does. */
export function statementFault(
  statement: Statement,
  digest: string,
  predicateType: string,
): StatementFault | undefined {
  const about = statement.subjects.some(({ sha256 }) => `sha256:${sha256 ?? ''}` === digest);
  if (!about) return { fault: `it signs another artifact, not ${digest}`, attestation: false };
  if (statement.predicateType === predicateType) return undefined;
  return { fault: `it is an attestation (${statement.predicateType}), not a signature`, attestation: true };
}

/** Annotations of the subject with a digest. */
export function annotationsFor(statement: Statement, digest: string): Annotations {
  return statement.subjects.find(({ sha256 }) => `sha256:${sha256 ?? ''}` === digest)?.annotations ?? {};
}
