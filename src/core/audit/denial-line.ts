// SPDX-License-Identifier: Apache-2.0
// Lines between the log enricher and the daemon of a node: which log is read, and which calls of profiles were denied.
import { isJsonObject } from '../json.ts';
import { CALL_MAX, MAKER_MAX } from '../status/denials.ts';
import type { ObservedDenial } from './denials.ts';

/** The socket for these lines, beside that for metrics. */
export function denialSocketBeside(socket: string): string {
  return `${socket.slice(0, socket.lastIndexOf('/') + 1)}denials.sock`;
}

/** One line. */
export type AuditNews =
  { readonly type: 'source'; readonly log: string } | ({ readonly type: 'denial' } & ObservedDenial);

/** The line, without its end. */
export function printNews(news: AuditNews): string {
  return JSON.stringify(news);
}

/** The news of a line; undefined for what has not the form, such as that of another version during a roll-out. */
export function parseNews(line: string): AuditNews | undefined {
  const value = objectOf(line);
  const { type, module, use, call, enforced, by, last, log } = value;
  if (type === 'source') return isShort(log, 4096) ? { type, log } : undefined;
  const isOfModule = module === 'seccomp' || module === 'selinux' || module === 'apparmor';
  if (type !== 'denial' || !isOfModule || !isShort(use, 4096) || typeof enforced !== 'boolean') return undefined;
  if (!isShort(call, CALL_MAX) || !isShort(by, MAKER_MAX) || !isShort(last, 64)) return undefined;
  return { type, module, use, call, enforced, by, last };
}

function objectOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isShort(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= most;
}
