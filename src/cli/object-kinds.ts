// SPDX-License-Identifier: Apache-2.0
// The kinds of profiles beside seccomp that the commands know, each loaded when a file holds one. A new one is one more
// entry.
import { isJsonObject } from '../core/json.ts';
import { APP_ARMOR_PROFILE, RAW_SELINUX_PROFILE, SELINUX_PROFILE } from '../gen/kinds.ts';
import type { ObjectKind } from './object-kind.ts';

const LOADERS: Readonly<Record<string, () => Promise<ObjectKind>>> = {
  [APP_ARMOR_PROFILE.kind]: async () => (await import('./apparmor-kind.ts')).APP_ARMOR,
  [SELINUX_PROFILE.kind]: async () => (await import('./selinux-kinds.ts')).SELINUX,
  [RAW_SELINUX_PROFILE.kind]: async () => (await import('./selinux-kinds.ts')).RAW_SELINUX,
};

/** The kind that is made of texts in a language; undefined where there is none. */
export async function objectKindOfLanguage(language: string): Promise<ObjectKind | undefined> {
  const kinds = await Promise.all(Object.values(LOADERS).map((load) => load()));
  return kinds.find((kind) => kind.language === language && kind.parse !== undefined);
}

/** The kind of a value; undefined for another one, or none. */
export async function objectKindOf(value: unknown): Promise<ObjectKind | undefined> {
  const kind = isJsonObject(value) ? value['kind'] : undefined;
  return typeof kind === 'string' ? LOADERS[kind]?.() : undefined;
}
