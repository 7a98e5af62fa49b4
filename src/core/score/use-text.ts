// SPDX-License-Identifier: Apache-2.0
// A use of a call in words.
import type { Use } from '../../gen/dangers.ts';
import { argumentText } from '../seccomp/meaning/condition-text.ts';

/** A use as people write it: `socket with arg0 = 17`. The kernel takes the lower half of most arguments. */
export function useText({ call, args }: Use): string {
  if (args.length === 0) return call;
  const texts = args.map(({ index, mask, value }) => {
    const bits = mask === 0xffff_ffffn ? '' : ` & ${argumentText(mask)}`;
    return `arg${String(index)}${bits} = ${argumentText(value)}`;
  });
  return `${call} with ${texts.join(' and ')}`;
}
