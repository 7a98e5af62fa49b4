// SPDX-License-Identifier: Apache-2.0
// AdmissionReview of admission.k8s.io/v1, in and out. Every webhook speaks through these types; the server that asks
// webhooks knows nothing else of them. Only the members that webhooks read are checked.
import { isJsonObject, printJson } from '../core/json.ts';
import type { PatchOperation } from '../core/json-patch.ts';

const API_VERSION = 'admission.k8s.io/v1';
const KIND = 'AdmissionReview';

/** The longest warning that the API server passes on in one piece, in characters. */
const MAX_WARNING = 256;

/** All warnings of an answer together, in characters, above which the API server cuts them. */
const MAX_WARNINGS = 4096;

/** The question. An object is there as it was sent: `object` is undefined for DELETE, `oldObject` for CREATE. */
export interface AdmissionRequest {
  readonly uid: string;
  /** Kind of the object, for example `Pod`. */
  readonly kind: string;
  /** For example `ephemeralcontainers`; undefined for the object itself. */
  readonly subResource: string | undefined;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  /** Empty where the API server makes the name later. */
  readonly name: string;
  readonly dryRun: boolean;
  readonly object: Readonly<Record<string, unknown>> | undefined;
  readonly oldObject: Readonly<Record<string, unknown>> | undefined;
  readonly userInfo: { readonly username: string };
}

/** Name of an answer in metrics. */
export type ReviewOutcome = 'bound' | 'recorded' | 'skipped' | 'unbound' | 'allowed' | 'denied' | 'failed';

/** The answer: the object as it is or patched, or a refusal with an HTTP status that the user sees. */
export type AdmissionAnswer =
  | {
      readonly allowed: true;
      readonly outcome: ReviewOutcome;
      readonly patch: readonly PatchOperation[];
      readonly warnings: readonly string[];
      /** Keys of `[a-z-]+`; the API server puts the webhook's name before them and drops others. */
      readonly auditAnnotations?: Readonly<Record<string, string>>;
    }
  | {
      readonly allowed: false;
      readonly outcome: ReviewOutcome;
      /** HTTP status. */
      readonly code: number;
      /** A reason of metav1.Status, for example `Forbidden`. */
      readonly reason: string;
      readonly message: string;
    };

/**
 * The subresource of a pod by which ephemeral containers come. Of an answer about them the API server keeps nothing but
 * changes of these, neither annotations nor a gate.
 */
export const EPHEMERAL = 'ephemeralcontainers';

/** The answer about an object that a webhook is not for: it stays as it is. */
export const UNTOUCHED: AdmissionAnswer = { allowed: true, outcome: 'allowed', patch: [], warnings: [] };

/**
 * One webhook: a pure function from a question to an answer, on a state that it is given. It may throw for an object
 * that is none of its kind, and the caller refuses: nothing passes that was not judged.
 */
export interface Webhook {
  /** The name under which users configure it. */
  readonly name: string;
  /** Path of its URL. */
  readonly path: string;
  review(request: AdmissionRequest): AdmissionAnswer;
}

/** A body that is no AdmissionReview of v1 with a request. */
export class InvalidReview extends Error {
  override readonly name = 'InvalidReview';
}

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown, path: string): Json {
  if (!isJsonObject(value)) throw new InvalidReview(`${path} must be an object`);
  return value;
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new InvalidReview(`${path} must be a text`);
  return value;
}

function optionalText(value: unknown, path: string): string {
  return value === undefined || value === '' ? '' : textOf(value, path);
}

function optionalObject(value: unknown, path: string): Json | undefined {
  return value === undefined || value === null ? undefined : objectOf(value, path);
}

const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;

function operationOf(value: unknown): AdmissionRequest['operation'] {
  const known = OPERATIONS.find((operation) => operation === value);
  if (known === undefined) throw new InvalidReview(`request.operation must be one of ${OPERATIONS.join(', ')}`);
  return known;
}

/**
 * Reads a review, given as parsed JSON.
 * @throws InvalidReview naming the field
 */
export function parseReview(body: unknown): AdmissionRequest {
  const review = objectOf(body, 'the body');
  if (review.apiVersion !== API_VERSION || review.kind !== KIND) {
    throw new InvalidReview(`the body must be of kind ${KIND} and apiVersion ${API_VERSION}`);
  }
  const request = objectOf(review.request, 'request');
  const userInfo = optionalObject(request.userInfo, 'request.userInfo') ?? {};
  const subResource = optionalText(request.subResource, 'request.subResource');
  return {
    uid: textOf(request.uid, 'request.uid'),
    kind: textOf(objectOf(request.kind, 'request.kind').kind, 'request.kind.kind'),
    subResource: subResource === '' ? undefined : subResource,
    operation: operationOf(request.operation),
    namespace: optionalText(request.namespace, 'request.namespace'),
    name: optionalText(request.name, 'request.name'),
    dryRun: request.dryRun === true,
    object: optionalObject(request.object, 'request.object'),
    oldObject: optionalObject(request.oldObject, 'request.oldObject'),
    userInfo: { username: optionalText(userInfo.username, 'request.userInfo.username') },
  };
}

/** Warnings as they arrive: in one line each, and only as many as are passed on whole. */
function fitting(warnings: readonly string[]): readonly string[] {
  const lines = warnings.map((warning) => warning.replace(/\s+/g, ' ').slice(0, MAX_WARNING));
  let room = MAX_WARNINGS;
  return lines.filter((line) => (room -= line.length) >= 0);
}

/** Base64 of a text in UTF-8. */
function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function responseOf(uid: string, answer: AdmissionAnswer): unknown {
  if (!answer.allowed) {
    const { code, reason, message } = answer;
    return { uid, allowed: false, status: { status: 'Failure', code, reason, message } };
  }
  const { patch, warnings, auditAnnotations } = answer;
  return {
    uid,
    allowed: true,
    ...(patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: base64(printJson(patch)) }),
    ...(warnings.length === 0 ? {} : { warnings: fitting(warnings) }),
    ...(auditAnnotations === undefined ? {} : { auditAnnotations }),
  };
}

/** The body of the answer to the request with that uid. */
export function printReview(uid: string, answer: AdmissionAnswer): string {
  return JSON.stringify({ apiVersion: API_VERSION, kind: KIND, response: responseOf(uid, answer) });
}
