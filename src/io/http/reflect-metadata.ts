// SPDX-License-Identifier: Apache-2.0
// @peculiar/x509 finds its algorithms with a container for dependency injection (tsyringe), which refuses to load
// without the three functions of the metadata proposal that it might use. This is all of them, in the place of a
// package.

const metadata = new WeakMap<object, Map<unknown, unknown>>();

const lookup = (name: unknown, target: object): unknown => metadata.get(target)?.get(name);

const define = (name: unknown, value: unknown, target: object): void => {
  const entries = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, entries.set(name, value));
};

/** Makes the functions known, unless some other library already has. */
export function provideMetadata(): void {
  if ('getMetadata' in Reflect) return;
  Object.assign(Reflect, { getMetadata: lookup, getOwnMetadata: lookup, defineMetadata: define });
}
