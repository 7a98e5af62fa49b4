// SPDX-License-Identifier: Apache-2.0
// The licences of the packages that our programs are made of, as package-lock.json names them.

/** The part of package-lock.json that is read here. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A package of the lock; its path is the key. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Licences that ask for no more than a copy of their text, which the image brings along. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** The packages that come from a registry and are not for development alone, by path. */
export function runtimePackages({ packages }: Lock): readonly (readonly [path: string, of: LockedPackage])[] {
  return Object.entries(packages).filter(
    ([path, of]) => path.startsWith('node_modules/') && of.link !== true && of.dev !== true,
  );
}

/** Sentences about packages whose licence is none of those, or unknown. */
export function licenceFaults(lock: Lock): readonly string[] {
  return runtimePackages(lock).flatMap(([path, { license }]) =>
    isPermissive(license ?? '') ? [] : [`${path} is under ${license ?? 'no licence that the lock names'}`],
  );
}

/** Of several licences to choose from one suffices. */
function isPermissive(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => PERMISSIVE.has(licence)));
}
