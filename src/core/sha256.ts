// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) for the pure core, which may not import node:crypto: labels cut to 63 characters, file names cut to
// 255 bytes, and the content hash that a node reports all need a digest that every process computes alike.

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** First 32 bits of the fractional parts of the cube roots (K) and square roots (H) of the first primes, FIPS 180-4 4.2.2, 5.3.3. */
const { K, H } = constants();

/** SHA-256 of the UTF-8 text, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  const bytes = padded(new TextEncoder().encode(text));
  const state = Uint32Array.from(H);
  const schedule = new Uint32Array(ROUNDS);
  const view = new DataView(bytes.buffer);
  for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
    expand(view, offset, schedule);
    compress(state, schedule);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const total = Math.ceil((message.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  const bytes = new Uint8Array(total);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(total - 8, BigInt(message.length) * 8n);
  return bytes;
}

function expand(view: DataView, offset: number, schedule: Uint32Array): void {
  for (let i = 0; i < 16; i++) schedule[i] = view.getUint32(offset + i * 4);
  for (let i = 16; i < ROUNDS; i++) {
    const early = at(schedule, i - 15);
    const late = at(schedule, i - 2);
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[i] = at(schedule, i - 16) + s0 + at(schedule, i - 7) + s1;
  }
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(schedule, i)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  sums.forEach((word, i) => (state[i] = at(state, i) + word));
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function constants(): { K: Uint32Array; H: Uint32Array } {
  const primes: number[] = [];
  for (let n = 2; primes.length < ROUNDS; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return {
    K: Uint32Array.from(primes, (prime) => fraction(prime, 3n)),
    H: Uint32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2n)),
  };
}

/** First 32 bits of the fraction of the n-th root of a prime, exactly: the integer root of `prime * 2^(32 n)`, modulo 2^32. */
function fraction(prime: number, n: bigint): number {
  const target = BigInt(prime) << (32n * n);
  let low = 0n;
  let high = 1n << 40n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** n <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn);
}
