// SPDX-License-Identifier: Apache-2.0
// References of images as container runtimes read them: the grammar and the defaults of distribution/reference
// (github.com/distribution/reference: reference.go, normalize.go). Read part by part, each part by a pattern that has
// one way only to match, so that a hostile text costs no more than its length.

/** A reference with its defaults filled in. */
export interface ImageReference {
  /** Registry and path, for example `docker.io/library/nginx`. */
  readonly name: string;
  /** The tag, also `latest` where none is written; undefined beside a digest without one. */
  readonly tag: string | undefined;
  /** For example `sha256:` and 64 digits. */
  readonly digest: string | undefined;
}

/** Above this no text is a reference: path, tag and digest have limits of their own, the registry is a DNS name. */
const MAX_LENGTH = 1024;

/** The longest path behind the registry (RepositoryNameTotalLengthMax). */
const MAX_PATH = 255;

const DEFAULT_REGISTRY = 'docker.io';
const OLD_DEFAULT_REGISTRY = 'index.docker.io';
const DEFAULT_FOLDER = 'library/';
const DEFAULT_TAG = 'latest';

const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,})$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const HOST_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
const PORT = /^\d+$/;
const IPV6 = /^\[[0-9a-fA-F:]+\]$/;

/** The id of an image in short, which the grammar would take for a name. */
const IMAGE_ID = /^[0-9a-f]{64}$/;

/** The length of a hash in hexadecimal digits, where the algorithm is a registered one. */
const HEX_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function isDigest(text: string): boolean {
  const [, algorithm = '', hex = ''] = DIGEST.exec(text) ?? [];
  if (hex === '') return false;
  const length = Object.hasOwn(HEX_LENGTHS, algorithm) ? HEX_LENGTHS[algorithm] : undefined;
  return length === undefined || (hex.length === length && hex === hex.toLowerCase());
}

function isRegistry(text: string): boolean {
  const colon = text.startsWith('[') ? text.indexOf(']:') + 1 : text.indexOf(':');
  const [host, port] = colon > 0 ? [text.slice(0, colon), text.slice(colon + 1)] : [text, undefined];
  if (port !== undefined && !PORT.test(port)) return false;
  return IPV6.test(host) || host.split('.').every((label) => HOST_LABEL.test(label));
}

/** Whether the part before the first slash is a registry, or only a folder of the default one. */
function namesRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}

function normalName(text: string): string | undefined {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const written = slash > 0 && namesRegistry(first);
  const registry = written && first !== OLD_DEFAULT_REGISTRY ? first : DEFAULT_REGISTRY;
  const given = written ? text.slice(slash + 1) : text;
  const path = registry === DEFAULT_REGISTRY && !given.includes('/') ? DEFAULT_FOLDER + given : given;
  const good = path.length <= MAX_PATH && isRegistry(registry) && path.split('/').every((part) => PATH_PART.test(part));
  return good ? `${registry}/${path}` : undefined;
}

/** Reads a reference as a container runtime does; undefined for a text that is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > MAX_LENGTH || IMAGE_ID.test(text)) return undefined;
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if ((digest !== undefined && !isDigest(digest)) || (tag !== undefined && !TAG.test(tag))) return undefined;
  const name = normalName(colon < 0 ? rest : rest.slice(0, colon));
  if (name === undefined) return undefined;
  return { name, tag: tag ?? (digest === undefined ? DEFAULT_TAG : undefined), digest };
}
