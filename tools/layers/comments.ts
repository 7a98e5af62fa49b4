// SPDX-License-Identifier: Apache-2.0
// The form of comments: they keep to the width of the code.
import type { Source, Violation } from './source.ts';

const WIDTH = 120;
const COMMENT = /^[ \t]*(?:\/\/|\/\*\*?|\*(?!\/))[ \t]*/;
/** Lint's own comments and addresses cannot be wrapped. */
const UNBREAKABLE = /eslint-|https?:\/\//;

/** Lines of comments that are too wide. */
export function checkComments({ file, text }: Source): readonly Violation[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.length <= WIDTH || !COMMENT.test(line) || UNBREAKABLE.test(line)) return [];
    return [{ file, reason: `has a comment beyond ${String(WIDTH)} columns (line ${String(index + 1)})` }];
  });
}
