// SPDX-License-Identifier: Apache-2.0
// Paths of recorded AppArmorProfiles that permit more than was seen: where there was no room for all names in a folder,
// the profile has `folder/*` instead. An annotation tells them, so that nobody takes them for what the program needs.
import { ANNOTATION } from '../names.ts';

/** Paths that are listed; the profile has them all. */
const MOST_LISTED = 16;

/** The annotation for such paths, of which some may be there twice; none where there are none. */
export function foldedAnnotation(paths: readonly string[]): Readonly<Record<string, string>> {
  const listed = [...new Set(paths)].sort().slice(0, MOST_LISTED);
  return listed.length === 0 ? {} : { [ANNOTATION.foldedPaths]: JSON.stringify(listed) };
}

/** The paths that an annotation lists; none where somebody has made something else of it. */
export function parseFolded(text = '[]'): readonly string[] {
  try {
    const listed: unknown = JSON.parse(text);
    return Array.isArray(listed) ? listed.filter((path) => typeof path === 'string') : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
