// SPDX-License-Identifier: Apache-2.0
// Names in profiles that no Linux has. Runtimes leave such names out in silence, so that a deny list with a typing
// error denies nothing: each command says so, with the name that was probably meant.
import { nearest } from '../nearest.ts';
import { knownArchitectures, syscallName, syscallNumbers } from './syscalls.ts';

function allNames(): readonly string[] {
  const names = knownArchitectures().flatMap((architecture) =>
    syscallNumbers(architecture).map((number) => syscallName(architecture, number) ?? ''),
  );
  return [...new Set(names)].sort();
}

/**
 * Unknown names in a row, each with the nearest name of a system call where one is near: `mkdir_at (perhaps
 * mkdirat)`.
 */
export function withNearest(unknown: readonly string[]): string {
  const names = allNames();
  return unknown
    .map((name) => {
      const near = nearest(name, names);
      return near === undefined ? name : `${name} (perhaps ${near})`;
    })
    .join(', ');
}
