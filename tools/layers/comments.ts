// SPDX-License-Identifier: Apache-2.0
// The form of comments: the width of the code, and sentences that name their subject first. A sentence that begins with
// a pronoun makes a reader hold a clause in mind before it says which thing it is about.
import type { Source, Violation } from './source.ts';

const WIDTH = 120;
const COMMENT = /^[ \t]*(?:\/\/|\/\*\*?|\*(?!\/))[ \t]*/;
const INDIRECT = /(?:^|[.!?:(] ?|- )(What|Who|Whoever)\b/;
/** Lint's own comments and addresses cannot be wrapped. */
const UNBREAKABLE = /eslint-|https?:\/\//;

/** Lines of comments that are too wide, and sentences of comments that begin with a pronoun. */
export function checkComments({ file, text }: Source): readonly Violation[] {
  return text.split('\n').flatMap((line, index) => {
    const marker = COMMENT.exec(line)?.[0];
    if (marker === undefined) return [];
    const place = `line ${String(index + 1)}`;
    const wide = line.length > WIDTH && !UNBREAKABLE.test(line);
    const indirect = INDIRECT.exec(line.slice(marker.length))?.[1];
    return [
      ...(wide ? [{ file, reason: `has a comment beyond ${String(WIDTH)} columns (${place})` }] : []),
      ...(indirect === undefined
        ? []
        : [{ file, reason: `has a comment whose sentence begins with ${indirect} (${place})` }]),
    ];
  });
}
