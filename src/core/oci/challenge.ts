// SPDX-License-Identifier: Apache-2.0
// The question of a registry for authorization (RFC 9110, WWW-Authenticate; distribution's token authentication), and
// where credentials may go. A false registry could send them anywhere, so the place where tokens
// are made must belong to the registry.

/** A way to be authorized that a registry offers. */
export type Challenge =
  | { readonly type: 'basic' }
  /** @property realm - the address where tokens are made, as the registry writes it */
  | { readonly type: 'bearer'; readonly realm: string; readonly service: string | undefined };

const SCHEME = /[\s,]*([A-Za-z][A-Za-z0-9-]*)(?=[\s,]|$)\s*/y;
const PARAMETER = /[\s,]*([A-Za-z][A-Za-z0-9_-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;

/** The longest header that is read, in characters. */
const MAX_HEADER = 8192;

/** Reads what stands at a place of the text, and where it ends. */
function readAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function challengeOf(scheme: string, parameters: ReadonlyMap<string, string>): readonly Challenge[] {
  const realm = parameters.get('realm');
  if (scheme === 'basic') return [{ type: 'basic' }];
  if (scheme !== 'bearer' || realm === undefined) return [];
  return [{ type: 'bearer', realm, service: parameters.get('service') }];
}

/** The ways that a header offers, those of other schemes left out. */
export function parseChallenges(header: string): readonly Challenge[] {
  const text = header.slice(0, MAX_HEADER);
  const found: Challenge[] = [];
  let scheme = readAt(SCHEME, text, 0);
  while (scheme !== undefined) {
    const parameters = new Map<string, string>();
    let end = scheme.index + scheme[0].length;
    for (let next = readAt(PARAMETER, text, end); next !== undefined; next = readAt(PARAMETER, text, end)) {
      const [whole, name = '', quoted, plain = ''] = next;
      parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
      end = next.index + whole.length;
    }
    found.push(...challengeOf((scheme[1] ?? '').toLowerCase(), parameters));
    scheme = readAt(SCHEME, text, end);
  }
  return found;
}

/** Whether a host, without port, is this machine itself: only there plain http betrays nothing. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** `co.uk` and the like: a parent domain that strangers share. */
const PUBLIC_SUFFIX = /^[^.]{1,3}\.[^.]{2}$/;

function parentOf(hostname: string): string {
  return hostname.slice(hostname.indexOf('.') + 1);
}

function isShared(domain: string): boolean {
  return !domain.includes('.') || PUBLIC_SUFFIX.test(domain) || /^[\d.]+$/.test(domain);
}

/** Whether two hosts belong together: the same one, one below the other, or both below a domain of somebody's own. */
function isSameSite(a: string, b: string): boolean {
  if (a === b) return true;
  const isBelow = (low: string, high: string): boolean => low.endsWith(`.${high}`) && !isShared(high);
  return isBelow(a, b) || isBelow(b, a) || (parentOf(a) === parentOf(b) && !isShared(parentOf(a)));
}

/**
 * The address where a registry's tokens are made.
 *
 * @param registry - the address at which the registry was asked
 * @returns a sentence instead where the address is one that no credentials must go to
 */
export function tokenAddress(realm: string, registry: URL): URL | string {
  const shown = JSON.stringify(realm.slice(0, 200));
  const url = URL.parse(realm);
  if (url === null) return `its token realm is no address: ${shown}`;
  const isPlain = url.protocol === 'http:' && registry.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isPlain) return `its token realm is no https address: ${shown}`;
  if (url.username !== '' || url.password !== '') return `its token realm holds a user: ${shown}`;
  if (isSameSite(url.hostname, registry.hostname)) return url;
  return `its token realm belongs to another site, where no credentials go: ${shown}`;
}
