// SPDX-License-Identifier: Apache-2.0
// One copy of values that many objects of a cluster have in common: names of nodes, images, labels. Ten thousand pods
// come from a few hundred templates.

/**
 * Values that are remembered, and characters of their texts, which tenants choose; with more, all are forgotten, which
 * costs copies and nothing else.
 */
const REMEMBERED = 20_000;
const CHARACTERS = 4 << 20;

/** Longer texts are rarely equal, and looking them up costs as much as they do. */
const LONGEST = 8192;

/** Remembers values by their texts. */
export class Interner {
  private readonly values = new Map<string, unknown>();
  private characters = 0;

  /** The same text, but one that others hold already. */
  text(text: string): string {
    return this.value(text, () => text);
  }

  /** The value that was made first for a text; `make` must always make equal ones of equal texts. */
  value<V>(text: string, make: () => V): V {
    const known = this.values.get(text) as V | undefined;
    if (known !== undefined) return known;
    const made = make();
    if (text.length > LONGEST) return made;
    if (this.values.size >= REMEMBERED || this.characters + text.length > CHARACTERS) {
      this.values.clear();
      this.characters = 0;
    }
    this.values.set(text, made);
    this.characters += text.length;
    return made;
  }
}
