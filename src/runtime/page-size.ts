// SPDX-License-Identifier: Apache-2.0
// How many objects to ask for at a time. A page is read whole before it is parsed, and costs several times its length
// while it is; objects of a tenant may have 1.5 MB each (etcd's limit of a request), so pages are bounded by their
// length as well.

/** Bytes of a page. A page of one object may be longer: it cannot be cut. */
export const LONGEST_PAGE = 2 << 20;

/** The size of the next page of a list. */
export class PageSize {
  private readonly most: number;
  private size: number;

  constructor(most: number) {
    this.most = most;
    this.size = most;
  }

  /** Objects to ask for. */
  get limit(): number {
    return this.size;
  }

  /** Bytes that the answer may have; undefined for any. */
  get longest(): number | undefined {
    return this.size === 1 ? undefined : LONGEST_PAGE;
  }

  /** The page was too long, and is asked for again with half as many objects. */
  shrink(): void {
    this.size = Math.max(1, Math.floor(this.size / 2));
  }

  /** A page came: where it was short, the next one may have twice as many objects. */
  came(length: number): void {
    if (length <= LONGEST_PAGE / 4) this.size = Math.min(this.most, this.size * 2);
  }
}
