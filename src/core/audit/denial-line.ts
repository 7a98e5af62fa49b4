// SPDX-License-Identifier: Apache-2.0
// Lines between the log enricher and the daemon of a node: which log is read, and which calls of profiles were denied.
// The daemon writes them into its report, which the API server refuses as a whole where one field has not the form; so
// they are held against it here, whoever has written them.
import { isJsonObject } from '../json.ts';
import { plainText } from '../plain-text.ts';
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
  if (type === 'source') return isShort(log, 4096) ? { type, log: plainText(log) } : undefined;
  const isOfModule = module === 'seccomp' || module === 'selinux' || module === 'apparmor';
  if (type !== 'denial' || !isOfModule || !isShort(use, 4096) || typeof enforced !== 'boolean') return undefined;
  if (!isShort(call, CALL_MAX) || !isShort(by, MAKER_MAX) || !isTime(last)) return undefined;
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

/** Whether it is a time as `rfc3339` prints them, and one that there is. */
function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

function isShort(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= most;
}
