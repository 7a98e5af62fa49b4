// SPDX-License-Identifier: Apache-2.0
// A thread that watches the memory of a process: says so once it has begun, and at the end tells the peak in MiB.
import { parentPort, workerData } from 'node:worker_threads';
import { pssOf } from '../peak-memory.ts';

let peak = 0;
const look = (): void => {
  peak = Math.max(peak, pssOf(workerData as number));
};
const looks = setInterval(look, 10);
parentPort?.once('message', () => {
  clearInterval(looks);
  parentPort?.postMessage(peak);
});
look();
parentPort?.postMessage('begun');
