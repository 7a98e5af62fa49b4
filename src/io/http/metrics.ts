// SPDX-License-Identifier: Apache-2.0
// The metrics pages: served only to those whom the API server lets read them.
import type { Access } from './access.ts';
import type { Limits, Route, ServerRequest, ServerResponse } from './server.ts';

/** The pages, and who may read them. */
export interface MetricsPages {
  /** Text of each path, in Prometheus' format. */
  readonly pages: ReadonlyMap<string, () => Promise<string>>;
  /** `from`: the address that asks. */
  check(token: string, path: string, from: string): Promise<Access>;
  /** Called when the API server could not be asked. */
  onUnknown(error: unknown): void;
}

/** Limits of a server of metrics: 64 connections of TLS are a few MiB. */
export const METRICS_LIMITS: Limits = { connections: 64, body: 0, requestMs: 10_000, keepAliveMs: 5000 };

/** The content type of Prometheus' text format. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A route for each page. */
export function metricsRoutes(parts: MetricsPages): Readonly<Record<string, Route>> {
  return Object.fromEntries(
    Array.from(parts.pages, ([path, page]) => [path, (request: ServerRequest) => answer(request, page, parts)]),
  );
}

async function answer(
  request: ServerRequest,
  page: () => Promise<string>,
  parts: MetricsPages,
): Promise<ServerResponse> {
  if (request.method !== 'GET') return { status: 405, body: 'only GET is served\n' };
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const access = token === undefined ? 'unauthenticated' : await accessOf(token, request, parts);
  switch (access) {
    case 'allowed':
      return { status: 200, body: await page(), contentType: CONTENT_TYPE };
    case 'unauthenticated':
      return { status: 401, body: 'a valid bearer token is needed\n' };
    case 'forbidden':
      return { status: 403, body: `this account may not get ${request.path}\n` };
    case 'busy':
      return { status: 503, body: 'too many ask for permission at the moment\n' };
    case 'unknown':
      return { status: 503, body: 'the API server could not be asked for permission\n' };
    default:
      return access satisfies never;
  }
}

async function accessOf(
  token: string,
  { path, address }: ServerRequest,
  parts: MetricsPages,
): Promise<Access | 'unknown'> {
  try {
    return await parts.check(token, path, address);
  } catch (error) {
    parts.onUnknown(error);
    return 'unknown';
  }
}
