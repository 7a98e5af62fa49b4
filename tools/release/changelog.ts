// SPDX-License-Identifier: Apache-2.0
// The changes of a release, from the first lines of its commits: `area: imperative`, grouped by area.
import type { Commit } from './source.ts';

/** The areas that users meet first, in this order; others follow by name. */
const FIRST: readonly string[] = ['spoc', 'cli', 'schemas', 'deploy', 'helm', 'olm', 'manifests', 'docs'];

/** Areas of those who change the code: they close the list. */
const LAST: readonly string[] = ['test', 'bench', 'lab', 'tools', 'other'];

/** Digits of a hash that are shown. */
const SHORT = 7;

const SUBJECT = /^([\w.]+)[\w./, -]*: (.+)$/;

interface Change {
  readonly area: string;
  readonly line: string;
}

function changeOf({ hash, subject }: Commit): Change {
  const [, folder, text] = SUBJECT.exec(subject) ?? [];
  const area = folder === undefined ? 'other' : folder.replace(/\.\w+$/, '').toLowerCase();
  return { area, line: `- ${plain(text ?? subject)} (${hash.slice(0, SHORT)})` };
}

/** Text of Markdown in which nothing is markup. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]]/g, String.raw`\$&`);
}

function rankOf(area: string): number {
  const [first, last] = [FIRST.indexOf(area), LAST.indexOf(area)];
  if (first >= 0) return first - FIRST.length;
  return last >= 0 ? last + 1 : 0;
}

/**
 * The text of CHANGELOG.md.
 *
 * @param version - without a leading `v`
 * @param epoch - the time of the release, in seconds since 1970
 */
export function printChangelog(version: string, epoch: number, commits: readonly Commit[]): string {
  const changes = commits.map(changeOf);
  const areas = [...new Set(changes.map(({ area }) => area))];
  const sorted = areas.toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  const parts = sorted.map((area) => {
    const lines = changes.filter((change) => change.area === area).map(({ line }) => line);
    return `## ${area}\n\n${lines.join('\n')}\n`;
  });
  const day = new Date(epoch * 1000).toISOString().slice(0, 10);
  return [`# Changes of ${version}, ${day}\n`, ...parts].join('\n');
}
